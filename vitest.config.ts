import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.engines.test.ts', '**/*.browser.test.ts', '**/*.deploy.test.ts'],
    reporters: ['default', './tools/verify/closing-line.ts'],
    globalSetup: ['./conformance/harness/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})

import { defineConfig } from 'vitest/config'

/** Tests in real Chromium, against a platform of their own. */
export default defineConfig({
  test: {
    include: ['conformance/browser/**/*.browser.test.ts'],
    reporters: ['default', './tools/verify/closing-line.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})

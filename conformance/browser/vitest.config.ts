import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests in real Chromium, against a platform in one process of its own. */
export default defineConfig({
  test: {
    include: ['conformance/browser/**/*.browser.test.ts'],
    exclude: ['conformance/browser/**/*.cluster.browser.test.ts'],
    provide: { placement: 'one' },
    reporters: ['default', fileURLToPath(new URL('../../tools/verify/closing-line.ts', import.meta.url))],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

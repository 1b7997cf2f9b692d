import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests against engines that are installed on the machine rather than brought by npm, and those that take minutes. */
export default defineConfig({
  test: {
    include: ['conformance/**/*.engines.test.ts'],
    reporters: ['default', fileURLToPath(new URL('../../tools/verify/closing-line.ts', import.meta.url))],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})

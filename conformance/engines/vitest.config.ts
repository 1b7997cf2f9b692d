import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { hasRedis } from './redis-server.ts'

const withoutRedis = process.env.REQUIRE_ENGINES !== '1' && !hasRedis()
if (withoutRedis)
  console.warn('Skipped, since redis-server is not installed: conformance/engines/redis*.engines.test.ts')

/** Tests against engines that are installed on the machine rather than brought by npm, and those that take minutes. */
export default defineConfig({
  test: {
    include: ['conformance/**/*.engines.test.ts'],
    exclude: withoutRedis ? ['conformance/engines/redis*'] : [],
    globalSetup: [fileURLToPath(new URL('../harness/global-setup.ts', import.meta.url))],
    reporters: ['default', fileURLToPath(new URL('../../tools/verify/closing-line.ts', import.meta.url))],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})

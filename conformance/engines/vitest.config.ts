import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { findPython } from '../foreign/python.ts'
import { kafkaIsMissing } from '../harness/kafka.ts'
import { hasRedis } from './redis-server.ts'

/** Tests of an engine that is not there; where engines are required these are not looked for, and fail. */
function withoutEngines(): string[] {
  if (process.env.REQUIRE_ENGINES === '1') return []
  const redis = hasRedis() ? [] : ['conformance/engines/{redis,tls}*', 'conformance/chaos/*', 'conformance/placement/*']
  const kafka = kafkaIsMissing() ? ['conformance/engines/{kafka,tls}*', 'conformance/chaos/chaos*'] : []
  const python = findPython() === undefined ? ['conformance/foreign/python*'] : []
  const skipped = [...redis, ...kafka, ...python]
  if (skipped.length > 0)
    console.warn(`Skipped, since redis-server, Kafka or python-socketio is not installed: ${skipped.join(', ')}`)
  return skipped
}

/** Tests against engines that are installed on the machine rather than brought by npm, and those that take minutes. */
export default defineConfig({
  test: {
    include: ['conformance/**/*.engines.test.ts'],
    exclude: withoutEngines(),
    globalSetup: [fileURLToPath(new URL('../harness/global-setup.ts', import.meta.url))],
    reporters: ['default', fileURLToPath(new URL('../../tools/verify/closing-line.ts', import.meta.url))],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** How Meydan ships: chart, compose file, proxy, alerts and dashboards, each by the tool that will read it. */
export default defineConfig({
  test: {
    include: ['conformance/deploy/*.deploy.test.ts'],
    reporters: ['default', at('../../tools/verify/closing-line.ts')],
    globalSetup: [at('../harness/global-setup.ts')],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})

import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.engines.test.ts', '**/*.browser.test.ts', '**/*.deploy.test.ts'],
    reporters: ['default', './tools/verify/closing-line.ts'],
    globalSetup: ['./conformance/harness/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // As the server runs: by Node, without a build. Vite's own runner looks every import up at each use, which doubles what simulations cost.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Much of the time goes by waiting for databases and processes to start, end and come back: two cores, too, have work for two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Tests start dozens of processes; what was compiled once takes each of them half a second less to load.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
  },
})

import { defineConfig } from 'vitest/config'
import one from './vitest.config.ts'

/** The same tests against the processes of `npm run cluster`, behind nginx; and what only several processes can do. */
export default defineConfig({
  test: {
    ...one.test,
    // What is lost with its only process is not lost in a cluster.
    exclude: ['conformance/browser/lost.browser.test.ts'],
    provide: { placement: 'cluster' },
  },
})

import type { Reporter, TestModule } from 'vitest/node'

/** Ends a test run with one plain line, `N passed, N failed`, for people and for CI to read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    for (const module of modules) {
      failed += failuresBeside(module)
      for (const test of module.children.allTests()) {
        const state = test.result().state
        if (state === 'passed') passed++
        else if (state === 'failed') failed++
      }
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  }
}

/** What failed in a file that is no test of its own: loading it, and what comes before and after its tests. */
function failuresBeside(module: TestModule): number {
  const suites = [...module.children.allSuites()]
  return suites.reduce((sum, suite) => sum + suite.errors().length, module.errors().length)
}

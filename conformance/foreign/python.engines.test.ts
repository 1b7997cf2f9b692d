import { type RunningPlatform, startPlatform } from '@meydan/conformance/platform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { A_ROUND, runProgram, TOO_LATE_AT_MOST } from './page.ts'
import { findPython } from './python.ts'

let platform: RunningPlatform
beforeAll(async () => {
  platform = await startPlatform({ MEYDAN_CRASH_FIRST_BET_MS: '700' })
})
afterAll(() => platform?.stop())

test('D2 the Python client of the page plays a round', async () => {
  const python = findPython()
  if (python === undefined) throw new Error('python-socketio is not installed: run .ci/engines/install')
  const { stdout, stderr } = await runProgram('python', python, platform.url)
  expect(stdout).toMatch(A_ROUND)
  expect(stderr).toMatch(TOO_LATE_AT_MOST)
})

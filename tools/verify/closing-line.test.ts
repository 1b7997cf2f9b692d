import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const CLOSING_LINE = fileURLToPath(new URL('./closing-line.ts', import.meta.url))
const FAIL = "throw new Error('broken on purpose')"

/** Each file of tests, and how many of its own things pass and fail. */
const FILES = {
  'passes.test.js': "test('one', () => {}); test('two', () => {})",
  'fails.test.js': `test('one', () => {}); test('two', () => { ${FAIL} })`,
  'cannot-be-loaded.test.js': FAIL,
  'cannot-begin.test.js': `beforeAll(() => { ${FAIL} }); test('one', () => {})`,
  'cannot-begin-within.test.js': `describe('a', () => describe('b', () => { beforeAll(() => { ${FAIL} }); test('one', () => {}) }))`,
  'cannot-end.test.js': `afterAll(() => { ${FAIL} }); test('one', () => {})`,
  'has-none.test.js': '',
}

test('the last line of a run counts what failed outside of tests, too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-closing-line-'))
  try {
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text)
    const args = [VITEST, 'run', '--root', folder, '--globals', '--reporter', CLOSING_LINE]
    const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect({ last: stdout.trim().split('\n').at(-1), status }).toEqual({ last: '4 passed, 6 failed', status: 1 })
  } finally {
    await rm(folder, { recursive: true })
  }
})

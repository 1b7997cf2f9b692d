import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const script = join(root, 'tools', 'new-game.mjs')

let copy: string
// Inside the tree, so that imports of packages find what is installed here.
beforeAll(async () => {
  copy = await mkdtemp(join(root, 'node_modules', '.new-game-'))
  await cp(join(root, 'games', 'all'), join(copy, 'games', 'all'), { recursive: true })
})
afterAll(() => rm(copy, { recursive: true }))

const newGame = (name: string) => run(process.execPath, [script, name], { env: { ...process.env, GAMES_ROOT: copy } })

test('a new game has rules and tests that pass, and is on the list', async () => {
  await newGame('coin-rush')
  const list = await readFile(join(copy, 'games/all/index.ts'), 'utf8')
  expect(list).toContain("import { coinRush } from '../coin-rush/index.ts'")
  expect(list).toMatch(/allGames: .*coinRush\]/)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { stdout } = await run(
    process.execPath,
    [vitest, 'run', '--root', join(copy, 'games/coin-rush'), '--exclude', 'none'],
    { cwd: copy },
  )
  expect(stdout).toMatch(/3 passed/)
}, 60_000)

test('a name that is no name, or taken, is refused with a sentence', async () => {
  await expect(newGame('Not A Name')).rejects.toThrow(/lower case letters/)
  await expect(newGame('coin-rush')).rejects.toThrow(/there already/)
})

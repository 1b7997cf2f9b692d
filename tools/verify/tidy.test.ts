import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** The parts of STYLE that a machine can check. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const LINES_MAX = 500

function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  return listed.split('\n').filter((path) => path !== '')
}

const sources = trackedFiles().filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('tools/verify/'))
const text = new Map(sources.flatMap((path) => readIfThere(path)))

/** A file that is tracked but deleted in the work tree is simply not looked at. */
function readIfThere(path: string): [string, string][] {
  try {
    return [[path, readFileSync(join(root, path), 'utf8')]]
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function linesMatching(pattern: RegExp, within: (path: string) => boolean = () => true): string[] {
  const found: string[] = []
  for (const [path, content] of text) {
    if (!within(path)) continue
    for (const [index, line] of content.split('\n').entries()) {
      if (pattern.test(line)) found.push(`${path}:${index + 1}: ${line.trim()}`)
    }
  }
  return found
}

describe('STYLE', () => {
  test('the check reads something', () => {
    expect(text.size).toBeGreaterThan(50)
  })

  test(`3 no file is longer than ${LINES_MAX} lines`, () => {
    const long = [...text].filter(([, content]) => content.split('\n').length > LINES_MAX + 1).map(([path]) => path)
    expect(long).toEqual([])
  })

  test('3 a file is named for its idea', () => {
    const vague = /^(utils?|helpers?|common|misc|managers?)\.tsx?$/
    expect([...text.keys()].filter((path) => vague.test(basename(path)))).toEqual([])
  })

  test('10 the compiler is not silenced', () => {
    expect(
      linesMatching(/\bas any\b|: any\b|<any>|as unknown as|@ts-(ignore|expect-error|nocheck)|biome-ignore/),
    ).toEqual([])
  })

  test('10 no error is swallowed', () => {
    expect(linesMatching(/catch\s*(\(\w*\))?\s*\{\s*\}|\.catch\(\(\)\s*=>\s*\{\s*\}\)/)).toEqual([])
  })

  test('14 every test runs, and none runs alone', () => {
    expect(
      linesMatching(/\b(test|it|describe)\.(skip|only|todo)\b|skipIf\(|runIf\(/, (path) => path.endsWith('.test.ts')),
    ).toEqual([])
  })

  test('nothing is left for later', () => {
    expect(linesMatching(/\bTODO\b|\bFIXME\b|\bXXX\b|not implemented/i)).toEqual([])
  })

  test('7 chance and time are passed in, in games and rules', () => {
    const pure = (path: string) =>
      (/^games\//.test(path) || /^services\/[^/]+\/rules\.ts$/.test(path)) &&
      !/\.test\.ts$|simulate\.ts$|bench\.ts$/.test(path)
    expect(linesMatching(/Math\.random\(|Date\.now\(|performance\.now\(|setTimeout\(|setInterval\(/, pure)).toEqual([])
  })

  test('4 every service has a README and a module', () => {
    const services = new Set(
      sources.map((path) => /^services\/([^/]+)\//.exec(path)?.[1]).filter((name) => name !== undefined),
    )
    const files = new Set(trackedFiles())
    const lacking = [...services].filter(
      (name) => !files.has(`services/${name}/README.md`) || !files.has(`services/${name}/module.ts`),
    )
    expect(lacking).toEqual([])
  })
})

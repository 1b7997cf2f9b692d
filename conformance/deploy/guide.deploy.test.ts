import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { knownSettings } from './settings.ts'
import { inRepo } from './tools.ts'

const guide = readFileSync(inRepo('docs/guides/deploy.md'), 'utf8')
/** What stands beside others only where an operator has put it. */
const OF_THE_OPERATOR = ['.meydan/']

test('the guide names files that are there', () => {
  const named = guide.match(/(?<![\w/.])(\.ci|\.meydan|apps|deploy)\/[\w./-]*/g) ?? []
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((path) => !OF_THE_OPERATOR.includes(path) && !existsSync(inRepo(path)))).toEqual([])
})

test('the guide names settings and scripts that are there', () => {
  const known = knownSettings()
  expect(guide.match(/MEYDAN_[A-Z_]+/g)?.filter((name) => !known.has(name))).toEqual([])
  const { scripts } = JSON.parse(readFileSync(inRepo('package.json'), 'utf8'))
  expect([...guide.matchAll(/npm run ([\w:]+)/g)].filter(([, script = '']) => !(script in scripts))).toEqual([])
})

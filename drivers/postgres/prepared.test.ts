import { expect, test } from 'vitest'
import { hotStatements } from './prepared.ts'

const often = (nameOf: (text: string) => string | undefined, text: string) =>
  Array.from({ length: 60 }, () => nameOf(text)).at(-1)

test('P6 a statement that is run over and over is prepared, one that is not stays as it is', () => {
  const nameOf = hotStatements()
  expect(nameOf('select 1')).toBeUndefined()
  expect(often(nameOf, 'select 1')).toMatch(/^meydan_[\w-]{43}$/)
  expect(often(nameOf, 'select 2')).not.toBe(nameOf('select 1'))
  expect(nameOf('select 3')).toBeUndefined()
  expect(often(nameOf, '\n    select 4')).toMatch(/^meydan_/)
})

test('P6 what a migration would break, and what has no plan, is not prepared', () => {
  const nameOf = hotStatements()
  for (const text of ['delete from t returning *', 'begin', 'create table t (x int)', 'selection of nothing']) {
    expect(often(nameOf, text)).toBeUndefined()
  }
})

test('P6 a process prepares a bounded number of statements', () => {
  const nameOf = hotStatements()
  let named = 0
  for (let n = 0; n < 1_000; n++) if (often(nameOf, `select ${n}`) !== undefined) named++
  expect(named).toBe(200)
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { describeSettings, OperatorError, readSettings, setting } from './index.ts'

const settings = {
  port: setting({
    env: 'MEYDAN_PORT',
    schema: z.coerce.number().int().min(0).max(65_535),
    default: '4000',
    help: 'port to listen on',
  }),
  redisUrl: setting({ env: 'MEYDAN_REDIS_URL', schema: z.url().optional(), default: null, help: 'Redis' }),
}

test('K settings have defaults that work alone', () => {
  expect(readSettings(settings, {})).toEqual({ port: 4000, redisUrl: undefined })
})

test('K a bad setting is named, with its value and what it should be', () => {
  expect(() => readSettings(settings, { MEYDAN_PORT: '70000' })).toThrow(OperatorError)
  expect(() => readSettings(settings, { MEYDAN_PORT: '70000' })).toThrow(/MEYDAN_PORT='70000'.*65535/)
})

test('K a misspelt setting is refused rather than ignored', () => {
  expect(() => readSettings(settings, { MEYDAN_PROT: '1' })).toThrow(/MEYDAN_PROT is not a setting/)
})

test('K help lists every setting with its default', () => {
  expect(describeSettings(settings)).toMatch(/MEYDAN_PORT +4000 +port to listen on/)
})

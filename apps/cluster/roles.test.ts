import { expect, test } from 'vitest'
import { MEMBERS, settingsOf } from './roles.ts'

const stores = {
  postgresUrl: 'postgres://here/db',
  redisUrl: 'redis://here',
  kafkaBrokers: undefined,
  secrets: '/s.json',
  data: '/d',
}
const all = (more = {}) => MEMBERS.map((role, index) => settingsOf(role, 5_000 + index, { ...stores, ...more }))

test('C10 the cluster has every role, all but the jobs twice, and no two processes share a port or a folder', () => {
  const roles = all().map((settings) => settings.MEYDAN_ROLES)
  expect(new Set(roles).size).toBe(4)
  expect(roles.filter((each) => each === 'rooms')).toHaveLength(2)
  expect(roles.filter((each) => each === 'gateway')).toHaveLength(2)
  for (const setting of ['MEYDAN_PORT', 'MEYDAN_DATA']) {
    expect(new Set(all().map((settings) => settings[setting])).size).toBe(MEMBERS.length)
  }
})

test('C10 events go over Kafka when there is one', () => {
  expect(all({ kafkaBrokers: 'k:9092' }).every((settings) => settings.MEYDAN_KAFKA_BROKERS === 'k:9092')).toBe(true)
  expect(all().some((settings) => 'MEYDAN_KAFKA_BROKERS' in settings)).toBe(false)
})

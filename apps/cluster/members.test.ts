import { expect, test } from 'vitest'
import { isGateway, MEMBERS, members } from './members.ts'

const stores = {
  postgresUrl: 'postgres://here/db',
  redisUrl: 'redis://here',
  kafkaBrokers: undefined,
  secrets: '/s.json',
  data: '/d',
}
const ports = Array.from({ length: MEMBERS }, (_, index) => 5_000 + index)

test('C10 the cluster has every role, all but the jobs twice, and no two processes share a port or a folder', () => {
  const all = members(stores, ports)
  const roles = all.map(({ settings }) => settings.MEYDAN_ROLES)
  expect(new Set(roles).size).toBe(4)
  expect(roles.filter((each) => each === 'rooms')).toHaveLength(2)
  expect(all.filter(isGateway)).toHaveLength(2)
  for (const setting of ['MEYDAN_PORT', 'MEYDAN_DATA']) {
    expect(new Set(all.map(({ settings }) => settings[setting])).size).toBe(all.length)
  }
})

test('C10 events go over Kafka when there is one', () => {
  const withKafka = members({ ...stores, kafkaBrokers: 'k:9092' }, ports)
  expect(withKafka.every(({ settings }) => settings.MEYDAN_KAFKA_BROKERS === 'k:9092')).toBe(true)
  expect(members(stores, ports).some(({ settings }) => 'MEYDAN_KAFKA_BROKERS' in settings)).toBe(false)
})

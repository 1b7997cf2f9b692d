import { event, Id } from '@meydan/contracts/core'
import type { players } from '@meydan/contracts/players'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { playerContext, serviceContext, testKit } from './index.ts'

const THING_DONE = event('THING_DONE', { data: z.object({ thingId: Id }), key: (data) => data.thingId })

const made = await testKit<{ players: typeof players }>('things', undefined, {
  call: {
    players: { names: async ({ playerIds }) => ({ names: Object.fromEntries(playerIds.map((id) => [id, 'Ada'])) }) },
  },
})
afterAll(() => made.close())

test('C6 a service under test has a schema of its own and shows what it published', async () => {
  const id = await made.kit.db.transaction((tx) => made.kit.events.publish(tx, THING_DONE, { thingId: '7' }))
  expect(await made.publishedEvents()).toEqual([{ id, name: 'THING_DONE', key: '7', data: { thingId: '7' } }])
})

test('a service under test calls the answers it was given, and no others', async () => {
  const context = serviceContext('things')
  expect(await made.kit.call.players.names({ playerIds: ['1'] }, context)).toEqual({ names: { 1: 'Ada' } })
  await expect(made.kit.call.players.get({ playerId: '1' }, context)).rejects.toThrow('players.get')
  expect(playerContext('1').caller.playerId).toBe('1')
})

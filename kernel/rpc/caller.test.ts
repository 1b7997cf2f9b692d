import { expect, test } from 'vitest'
import type { PlayerCaller } from './call.ts'
import { admit, inNameOf } from './caller.ts'
import { decodeCaller, encodeCaller } from './mesh-wire.ts'

const staff: PlayerCaller = {
  kind: 'player',
  playerId: '7',
  sessionId: '9',
  roles: [],
  actorId: '11',
  address: '192.0.2.1',
}

test('B3 staff who look into an account are known as staff in every process', () => {
  expect(decodeCaller(encodeCaller(staff), 'gateway')).toEqual(staff)
})

test('B3 staff who look into an account are known as staff in every service that is called on the way', () => {
  const onTheWay = inNameOf(staff, 'wallet')
  expect(decodeCaller(encodeCaller(onTheWay), 'wallet')).toEqual(onTheWay)
  expect(admit('player', onTheWay)).toMatchObject({ playerId: '7', actorId: '11' })
})

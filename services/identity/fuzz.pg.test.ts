import { testKit } from '@meydan/conformance/harness'
import { Fault } from '@meydan/contracts/core'
import { identity } from '@meydan/contracts/identity'
import { manualClock } from '@meydan/kernel/time'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { Called } from './parts.ts'
import { as, countingHasher, identityWorld } from './world.ts'

const clock = manualClock()
const made = await testKit<Called>('identity', new URL('./migrations/', import.meta.url), { clock })
const world = await identityWorld({ ...made, clock, hasher: countingHasher() })
afterAll(() => made.close())

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\0', '\ud800', "'; drop table accounts; --", '%00', '١٢٣', 'a@b.co', 'm.000000-000000'),
  fc.constantFrom('9223372036854775807', '9223372036854775808', '0', '-1', '1e3', '__proto__'),
  fc.string({ minLength: 8, maxLength: 40 }),
)
const value = fc.oneof(nasty, fc.anything({ maxDepth: 2, withNullPrototype: true, withBigInt: true }))
const secret = fc.oneof(nasty, fc.string({ unit: 'binary', minLength: 16, maxLength: 60 }))
const username = fc.oneof(nasty, fc.stringMatching(/^[A-Za-z0-9_.-]{1,40}$/))
const credentials = fc.oneof(
  fc.record({ type: fc.constant('device'), deviceId: secret }),
  fc.record({ type: fc.constant('password'), username, password: secret }),
  fc.record({ type: fc.constant('email'), email: fc.oneof(nasty, fc.emailAddress()), password: secret }),
  fc.record({ type: fc.constantFrom('device', 'guest', 'email'), username, password: value }),
)
const empty = fc.constant({})
const id = fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String)
const loginType = fc.constantFrom('password', 'email', 'device', 'guest')

/** Inputs of about the right shape. Deleting and logging out are left out: nobody would be left to ask for the rest. */
const shapes = {
  guest: fc.record({ displayName: nasty }, { requiredKeys: [] }),
  register: fc.record({ credentials, displayName: nasty }, { requiredKeys: ['credentials'] }),
  login: fc.record({ credentials }),
  refresh: fc.record({ refreshToken: secret }),
  keys: empty,
  account: empty,
  link: fc.record({ credentials }),
  unlink: fc.record({ type: loginType }),
  changePassword: fc.record({ type: loginType, password: secret, newPassword: secret }),
  sessions: empty,
  revokeSession: fc.record({ sessionId: id }),
  setRoles: fc.record({ playerId: id, roles: fc.array(fc.constantFrom('admin', 'support', 'root'), { maxLength: 3 }) }),
  supportEnter: fc.record({ generatedUsername: nasty, reason: secret }),
  supportEntries: fc.record({ before: id, limit: fc.oneof(fc.nat(100), nasty) }, { requiredKeys: [] }),
}
const names = Object.keys(identity.procedures).filter((name) => name !== 'deleteAccount' && name !== 'logout')
const call = fc.oneof(
  ...Object.entries(shapes).map(([name, input]) => fc.tuple(fc.constant(name), input)),
  fc.tuple(fc.constantFrom(...names), value),
)

test('C9 whatever is sent to identity, the answer is an output or a fault of the sender', {
  timeout: 60_000,
}, async () => {
  const admin = await world.call('register', { credentials: { type: 'device', deviceId: 'the device of an admin' } })
  await world.query(`update identity.accounts set roles = '{admin,support}' where player_id = ${admin.playerId}`)
  expect(Object.keys(shapes), 'every procedure is asked').toEqual(expect.arrayContaining(names))
  const me = as(admin, { roles: ['admin', 'support'] })
  let answered = 0
  await fc.assert(
    fc.asyncProperty(call, fc.integer({ min: 0, max: 9 }), async ([name, sent], chance) => {
      // A new minute, so that limits by time hide nothing.
      clock.advance(60_000)
      try {
        await world.callAnything(name, sent, chance > 0 ? me : undefined)
        answered++
      } catch (error) {
        expect(error).toBeInstanceOf(Fault)
        if (error instanceof Fault) expect(error.status, error.message).toBeLessThan(500)
      }
    }),
    { numRuns: 4_000, seed: 20_260_101 },
  )
  expect(answered, 'enough of it was good enough to be acted on').toBeGreaterThan(300)
  expect((await world.call('account', {}, me)).roles.toSorted()).toEqual(['admin', 'support'])
})

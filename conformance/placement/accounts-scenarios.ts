import { randomBytes } from 'node:crypto'
import { Tokens } from '@meydan/contracts/identity'
import { Profile } from '@meydan/contracts/players'
import type { AnonymousCaller, PlayerCaller } from '@meydan/kernel/rpc'
import { expect } from 'vitest'
import type { Place } from './places.ts'
import type { Scenario } from './scenarios.ts'

const nobody: AnonymousCaller = { kind: 'anonymous', address: '192.0.2.1' }
/** An event goes through outbox, bus and consumer; in tests on a busy machine that may take a while. */
const HEARD = { timeout: 15_000, interval: 50 }

async function registered(place: Place, displayName: string) {
  const credentials = {
    type: 'password',
    username: `u${randomBytes(6).toString('hex')}`,
    password: 'correct horse battery',
  }
  const answer = await place.host.call('identity.register', { credentials, displayName }, place.from(nobody))
  const { playerId, sessionId } = Tokens.parse(answer)
  const caller: PlayerCaller = { kind: 'player', playerId, sessionId, roles: [], address: nobody.address }
  return { credentials, caller }
}

async function nameOf(place: Place, caller: PlayerCaller): Promise<string> {
  const answer = await place.host.call('players.get', { playerId: caller.playerId }, place.from(caller)).then(
    (profile) => Profile.parse(profile).displayName,
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown'),
  )
  return answer
}

export const accountsScenarios: readonly Scenario[] = [
  {
    name: 'C6 who registers has a profile, by the event USER_CREATED',
    async run(place) {
      const { caller } = await registered(place, 'Ada')
      await expect.poll(() => nameOf(place, caller), HEARD).toBe('Ada')
    },
  },
  {
    name: 'C2 who registered can sign in, with the right password only',
    async run(place) {
      const { credentials, caller } = await registered(place, 'Grace')
      const login = (password: string) =>
        place.host.call('identity.login', { credentials: { ...credentials, password } }, place.from(nobody))
      await expect(login(credentials.password)).resolves.toMatchObject({ playerId: caller.playerId })
      await expect(login('wrong horse battery')).rejects.toMatchObject({ code: 'BAD_CREDENTIALS', status: 401 })
    },
  },
  {
    name: 'C2 a name that is taken is refused with the contract’s own fault',
    async run(place) {
      const { credentials } = await registered(place, 'Edsger')
      const again = place.host.call('identity.register', { credentials }, place.from(nobody))
      await expect(again).rejects.toMatchObject({ code: 'USERNAME_TAKEN', status: 409 })
    },
  },
  {
    name: 'C2 a player changes his own profile',
    async run(place) {
      const { caller } = await registered(place, 'Barbara')
      await place.host.call('players.update', { displayName: 'Barbara L.' }, place.from(caller))
      expect(await nameOf(place, caller)).toBe('Barbara L.')
      const bad = place.host.call('players.update', { displayName: ' ' }, place.from(caller))
      await expect(bad).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'displayName' } })
    },
  },
  {
    name: 'C6 a deleted account takes its name with it, by the event USER_DELETED',
    async run(place) {
      const { caller } = await registered(place, 'Alan')
      await expect.poll(() => nameOf(place, caller), HEARD).toBe('Alan')
      await place.host.call('identity.deleteAccount', {}, place.from(caller))
      await expect.poll(() => nameOf(place, caller), HEARD).toBe('Deleted player')
    },
  },
]

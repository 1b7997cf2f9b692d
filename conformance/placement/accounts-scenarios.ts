import { randomBytes } from 'node:crypto'
import type { Credentials } from '@meydan/contracts/identity'
import { Profile } from '@meydan/contracts/players'
import { expect } from 'vitest'

/** Somebody at the edge: nobody at first, and whoever registered last from then on. */
export interface Visitor {
  /** Rejects with a Fault. */
  register(credentials: Credentials, displayName?: string): Promise<void>
  /** Of who registered. */
  playerId(): string
  /** `players.get`. Rejects with a Fault. */
  call(name: string, input: unknown): Promise<unknown>
}

/** Identity and players, placed somehow. Scenarios must not learn how. */
export interface AccountsPlace {
  visitor(): Promise<Visitor>
  close(): Promise<void>
}

export interface AccountsScenario {
  readonly name: string
  run(place: AccountsPlace): Promise<void>
}

/** An event goes through outbox, bus and consumer; in tests on a busy machine that may take a while. */
const HEARD = { timeout: 15_000, interval: 50 }

async function registered(place: AccountsPlace, displayName: string) {
  const credentials = {
    type: 'password',
    username: `u${randomBytes(6).toString('hex')}`,
    password: 'correct horse battery',
  } as const
  const visitor = await place.visitor()
  await visitor.register(credentials, displayName)
  return { credentials, visitor, playerId: visitor.playerId() }
}

/** What a player is called, or the code of the fault that there is instead. */
async function nameOf(by: Visitor, playerId: string): Promise<string> {
  return by.call('players.get', { playerId }).then(
    (profile) => Profile.parse(profile).displayName,
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown'),
  )
}

export const accountsScenarios: readonly AccountsScenario[] = [
  {
    name: 'C6 who registers has a profile, by the event USER_CREATED',
    async run(place) {
      const { visitor, playerId } = await registered(place, 'Ada')
      await expect.poll(() => nameOf(visitor, playerId), HEARD).toBe('Ada')
    },
  },
  {
    name: 'C2 who registered can sign in, with the right password only',
    async run(place) {
      const { credentials, playerId } = await registered(place, 'Grace')
      const elsewhere = await place.visitor()
      const login = (password: string) =>
        elsewhere.call('identity.login', { credentials: { ...credentials, password } })
      await expect(login(credentials.password)).resolves.toMatchObject({ playerId })
      await expect(login('wrong horse battery')).rejects.toMatchObject({ code: 'BAD_CREDENTIALS', status: 401 })
    },
  },
  {
    name: 'C2 a name that is taken is refused with the contract’s own fault',
    async run(place) {
      const { credentials } = await registered(place, 'Edsger')
      const again = (await place.visitor()).register(credentials)
      await expect(again).rejects.toMatchObject({ code: 'USERNAME_TAKEN', status: 409 })
    },
  },
  {
    name: 'C2 a player changes his own profile',
    async run(place) {
      const { visitor, playerId } = await registered(place, 'Barbara')
      await visitor.call('players.update', { displayName: 'Barbara L.' })
      expect(await nameOf(visitor, playerId)).toBe('Barbara L.')
      const bad = visitor.call('players.update', { displayName: ' ' })
      await expect(bad).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'displayName' } })
    },
  },
  {
    name: 'C6 a deleted account takes its name with it, by the event USER_DELETED',
    async run(place) {
      const { visitor, playerId } = await registered(place, 'Alan')
      const { visitor: other } = await registered(place, 'Alonzo')
      await expect.poll(() => nameOf(other, playerId), HEARD).toBe('Alan')
      await visitor.call('identity.deleteAccount', {})
      await expect.poll(() => nameOf(other, playerId), HEARD).toBe('Deleted player')
    },
  },
]

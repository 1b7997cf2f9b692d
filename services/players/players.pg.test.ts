import { testKit } from '@meydan/conformance/harness'
import type { EventData, EventType, Id, InputOf, OutputOf } from '@meydan/contracts/core'
import { USER_CREATED, USER_DELETED } from '@meydan/contracts/identity'
import { AVATARS, type players } from '@meydan/contracts/players'
import { idMaker } from '@meydan/kernel/ids'
import { type Caller, createHost, openContext, type PlayerCaller } from '@meydan/kernel/rpc'
import { manualClock } from '@meydan/kernel/time'
import { afterAll, expect, test } from 'vitest'
import { playersService } from './index.ts'
import { generatedAvatar, generatedName, ONLINE_MS } from './rules.ts'

type Procedures = typeof players.procedures

const clock = manualClock()
const service = playersService()
const made = await testKit<Record<never, never>>('players', service.migrations, { clock })
afterAll(() => made.close())
const { kit } = made
const { log, metrics } = kit
const host = await createHost({ services: [service], kit: () => kit, log, metrics, clock, freeze: true })
const nextId = idMaker(clock, 2)

async function call<K extends keyof Procedures & string>(
  name: K,
  input: InputOf<Procedures[K]>,
  caller: Caller,
): Promise<OutputOf<Procedures[K]>> {
  const context = openContext({ caller, clock, log })
  const output = await (caller.kind === 'service'
    ? host.dispatch('players', name, input, context)
    : host.call(`players.${name}`, input, context))
  return output as OutputOf<Procedures[K]> // The pipeline has parsed it by the procedure's own schema.
}

const as = (playerId: Id, more: Partial<PlayerCaller> = {}): PlayerCaller => {
  return { kind: 'player', playerId, sessionId: '1', roles: [], address: '192.0.2.1', ...more }
}
const matchmaking = { kind: 'service', service: 'matchmaking' } as const

/** Lets every listener hear an event, as the relay does, in a transaction on the service's schema. */
async function hear<E extends EventType>(event: E, data: EventData<E>): Promise<void> {
  for (const { listener } of host.listeners.filter(({ listener }) => listener.event.name === event.name)) {
    const heard = { id: nextId(), data: event.data.parse(data), at: at() }
    await kit.db.transaction((tx) => listener.handle(tx, heard))
  }
}
const at = () => new Date(clock.now()).toISOString()
const created = (userId: Id, displayName?: string) =>
  hear(USER_CREATED, { userId, loginType: 'guest', at: at(), ...(displayName !== undefined && { displayName }) })

test('P1 a profile is made when the account is, with the name that was given', async () => {
  const playerId = nextId()
  await created(playerId, 'Ada')
  await created(playerId, 'Ada')
  expect(await call('me', {}, as(playerId))).toMatchObject({
    playerId,
    displayName: 'Ada',
    locale: 'en',
    createdAt: at(),
  })
})

test('P1 others see the name of an account that was just made, before its event is heard', async () => {
  const playerId = nextId()
  const identity = { kind: 'service', service: 'identity' } as const
  await call('welcome', { playerId, displayName: 'Ada', at: at() }, identity)
  expect(await call('names', { playerIds: [playerId] }, matchmaking)).toEqual({ names: { [playerId]: 'Ada' } })
  await created(playerId, 'Ada')
  expect(await call('names', { playerIds: [playerId] }, matchmaking)).toEqual({ names: { [playerId]: 'Ada' } })
})

test('P1 a first call that comes before the event is answered, and the given name still wins', async () => {
  const playerId = nextId()
  expect(await call('me', {}, as(playerId))).toMatchObject({ displayName: generatedName(playerId), createdAt: at() })
  await created(playerId, 'Ada')
  expect((await call('me', {}, as(playerId))).displayName).toBe('Ada')
})

test('P1 a name the player chose meanwhile is not taken back by the event', async () => {
  const playerId = nextId()
  await call('update', { displayName: 'Countess' }, as(playerId))
  await created(playerId, 'Ada')
  expect((await call('me', {}, as(playerId))).displayName).toBe('Countess')
})

test('P1 first calls and the event at the same moment make one profile', async () => {
  const playerId = nextId()
  const answers = await Promise.all([
    created(playerId),
    ...Array.from({ length: 8 }, () => call('me', {}, as(playerId))),
    call('update', { locale: 'tr' }, as(playerId)),
  ])
  expect(answers).toHaveLength(10)
  expect(await call('me', {}, as(playerId))).toMatchObject({ displayName: generatedName(playerId), locale: 'tr' })
})

test('P3 a change is seen by others and told once, with what changed', async () => {
  const playerId = nextId()
  await created(playerId)
  const avatar = AVATARS.find((name) => name !== generatedAvatar(playerId))
  const input = { displayName: '  Grace  ', avatar, locale: 'pt-BR' }
  expect(await call('update', input, as(playerId))).toMatchObject({
    displayName: 'Grace',
    avatar,
    locale: 'pt-BR',
  })
  await call('update', input, as(playerId))
  await call('update', {}, as(playerId))
  expect(await call('get', { playerId }, as(nextId()))).toMatchObject({ displayName: 'Grace', avatar })
  const told = (await made.publishedEvents()).filter(({ key }) => key === playerId)
  expect(told).toMatchObject([{ name: 'USER_UPDATED', data: { changed: ['displayName', 'avatar', 'locale'] } }])
})

test('P3 staff looking into the account change nothing, and do not make the player seem online', async () => {
  const playerId = nextId()
  await created(playerId, 'Ada')
  const staff = as(playerId, { actorId: '77' })
  await expect(call('update', { displayName: 'Bob' }, staff)).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403 })
  await call('heartbeat', {}, staff)
  expect(await call('me', {}, staff)).toMatchObject({ displayName: 'Ada', online: false })
})

test('P4 A9 a player is online for five minutes after a sign of life', async () => {
  const playerId = nextId()
  const other = as(nextId())
  await created(playerId)
  expect((await call('get', { playerId }, other)).online).toBe(false)
  await call('heartbeat', {}, as(playerId))
  clock.advance(ONLINE_MS - 1)
  expect((await call('get', { playerId }, other)).online).toBe(true)
  await call('heartbeat', {}, as(playerId))
  clock.advance(ONLINE_MS - 1)
  expect((await call('get', { playerId }, other)).online).toBe(true)
  clock.advance(1)
  expect((await call('get', { playerId }, other)).online).toBe(false)
})

test('P5 a deleted player keeps the id, and nothing brings the rest back', async () => {
  const playerId = nextId()
  await created(playerId, 'Ada Lovelace')
  await call('update', { locale: 'en-GB', avatar: 'raven' }, as(playerId))
  await call('heartbeat', {}, as(playerId))
  await hear(USER_DELETED, { userId: playerId, at: at() })
  await hear(USER_DELETED, { userId: playerId, at: at() })
  await created(playerId, 'Ada Lovelace')
  const seen = await call('get', { playerId }, as(nextId()))
  expect(seen).toMatchObject({ displayName: 'Deleted player', locale: 'en', online: false })
  expect((await call('names', { playerIds: [playerId] }, matchmaking)).names).toEqual({ [playerId]: 'Deleted player' })
  const gone = { code: 'UNAUTHENTICATED', status: 401 }
  await expect(call('me', {}, as(playerId))).rejects.toMatchObject(gone)
  await expect(call('update', { displayName: 'Ada' }, as(playerId))).rejects.toMatchObject(gone)
})

test('P5 a player who was deleted before anything else was heard is deleted', async () => {
  const playerId = nextId()
  await hear(USER_DELETED, { userId: playerId, at: at() })
  await expect(call('me', {}, as(playerId))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('names of many players at once; unknown ids are left out', async () => {
  const [first, second, unknown] = [nextId(), nextId(), nextId()]
  await created(first, 'One')
  await created(second, 'Two')
  const { names } = await call('names', { playerIds: [second, unknown, first, first] }, matchmaking)
  expect(names).toEqual({ [first]: 'One', [second]: 'Two' })
  expect((await call('names', { playerIds: [] }, matchmaking)).names).toEqual({})
})

test('A9 profiles of many players at once, each with its presence; unknown ids are left out', async () => {
  const [here, away, unknown] = [nextId(), nextId(), nextId()]
  await created(here, 'Here')
  await created(away, 'Away')
  await call('heartbeat', {}, as(here))
  const ask = { playerIds: [away, unknown, here, here] }
  expect((await call('profiles', ask, as(nextId()))).profiles).toEqual({
    [here]: await call('get', { playerId: here }, as(away)),
    [away]: await call('get', { playerId: away }, as(here)),
  })
  const { profiles } = await call('profiles', { playerIds: `${here},${away}` }, as(here))
  expect([profiles[here]?.online, profiles[away]?.online]).toEqual([true, false])
})

test('C9 profiles of nobody, of too many and of what is no player are refused by the field', async () => {
  for (const playerIds of ['', ',', [], ['x'], '1,,2', Array.from({ length: 101 }, (_, index) => String(index + 1))]) {
    const refused = { code: 'INVALID_INPUT', details: { field: expect.stringMatching(/^playerIds/) } }
    await expect(call('profiles', { playerIds }, as(nextId())), String(playerIds)).rejects.toMatchObject(refused)
  }
})

test('C9 what cannot be a profile is refused by the name of its field', async () => {
  const me = as(nextId())
  const bad = [
    { displayName: '' },
    { displayName: 'a\0b' },
    { displayName: '\ud800' },
    { displayName: 'x'.repeat(33) },
    { locale: 'en\0' },
    { locale: 'not a locale' },
  ]
  for (const input of bad) {
    const field = Object.keys(input)[0]
    await expect(call('update', input, me)).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field } })
  }
  await expect(call('get', { playerId: '9999999999999999999' }, me)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(call('get', { playerId: '424242' }, me)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 })
})

test('P7 A9 services ask who has an account, who of them is online, and for everybody page by page', async () => {
  const [ada, bora, gone] = [nextId(), nextId(), nextId()]
  for (const playerId of [ada, bora, gone]) await created(playerId)
  await hear(USER_DELETED, { userId: gone, at: at() })
  await call('heartbeat', {}, as(bora))
  const asked = { playerIds: [ada, bora, gone, '9999'] }
  const known = await call('known', asked, matchmaking)
  expect(known.playerIds.toSorted()).toEqual([ada, bora])
  expect(await call('online', asked, matchmaking)).toEqual({ playerIds: [bora] })
  expect(await call('online', { playerIds: [] }, matchmaking)).toEqual({ playerIds: [] })

  const first = await call('page', { limit: 1 }, matchmaking)
  expect(first.playerIds).toHaveLength(1)
  const rest = await call('page', { after: first.playerIds[0], limit: 1_000 }, matchmaking)
  expect(rest.playerIds.slice(-2)).toEqual([ada, bora])
  expect(await call('page', { after: bora, limit: 10 }, matchmaking)).toEqual({ playerIds: [] })
})

import { playerContext } from '@meydan/conformance/harness'
import type { Id } from '@meydan/contracts/core'
import { USER_CREATED, USER_DELETED } from '@meydan/contracts/identity'
import { idMaker } from '@meydan/kernel/ids'
import type { Database } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import type { Transaction } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, NOON, openWorld, type World } from './tests/world.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const COINS = [{ type: 'coins', amount: 100 }]
let world: World
beforeAll(async () => {
  world = await openWorld()
})
beforeEach(() => world.clear())
afterAll(() => world.close())

const inboxes = async (): Promise<number> => {
  const [row] = await world.rows<{ count: number }>('select count(*)::integer as count from rewards.inbox')
  return row?.count ?? 0
}

describe('delivery', () => {
  test('B7 G8 a campaign reaches each of its recipients once, a thousand at a time', async () => {
    await world.crowd(1, 2_500)
    const { campaignId } = await world.send({ to: { everybody: true }, rewards: COINS })
    expect(await world.campaign(campaignId)).toMatchObject({ state: 'sending', recipients: null, delivered: 0 })
    const seen: unknown[] = []
    for (let event = await world.nextEvent(); event; event = await world.nextEvent()) {
      await Promise.all([world.deliver(event), world.process().deliver(event)])
      const { state, recipients, delivered } = await world.campaign(campaignId)
      seen.push([state, recipients, delivered])
    }
    expect(seen).toEqual([
      ['sending', 2_500, 1_000],
      ['sending', 2_500, 2_000],
      ['sent', 2_500, 2_500],
      ['sent', 2_500, 2_500],
    ])
    expect(await inboxes()).toBe(2_500)
    expect(await world.inbox('2500')).toMatchObject({
      messages: [{ messageId: campaignId, title: 'Hello', rewards: COINS, readAt: null, claimedAt: null }],
      unread: 1,
      unclaimed: 1,
    })
  })

  test('G8 a consumer that dies before its commit has written nothing; delivered again it goes on where it was', async () => {
    await world.crowd(1, 1_500)
    const { campaignId } = await world.send({ to: { everybody: true } })
    const dying: Database = {
      ...world.made.kit.db,
      transaction: <Tables, R>(work: (tx: Transaction<Tables>) => Promise<R>) =>
        world.made.kit.db.transaction<Tables, R>(async (tx) => {
          await work(tx)
          throw new Error('killed')
        }),
    }
    for (let event = await world.nextEvent(); event; event = await world.nextEvent()) {
      const before = await inboxes()
      await expect(world.deliver(event, dying)).rejects.toThrow('killed')
      expect(await inboxes()).toBe(before)
      await world.deliver(event)
      await world.deliver(event)
      // A redrive under an id that was never noted: the campaign is not there any more.
      const after = await world.campaign(campaignId)
      await world.deliver({ ...event, id: world.made.kit.nextId() })
      expect(await world.campaign(campaignId)).toEqual(after)
    }
    expect(await world.campaign(campaignId)).toMatchObject({ state: 'sent', recipients: 1_500, delivered: 1_500 })
    expect(await inboxes()).toBe(1_500)
  })

  test('G10 a campaign that is cancelled goes no further, and what was delivered stays', async () => {
    await world.crowd(1, 2_500)
    const { campaignId } = await world.send({ to: { everybody: true } })
    const event = await world.nextEvent()
    if (event) await world.deliver(event)
    const cancelled = await world.handlers.cancel({ campaignId }, playerContext('900'))
    expect(cancelled).toMatchObject({ state: 'cancelled', delivered: 1_000, recipients: 2_500 })
    expect(await world.handlers.cancel({ campaignId }, playerContext('900'))).toEqual(cancelled)
    await world.relay()
    expect(await inboxes()).toBe(1_000)
    expect((await world.inbox('7')).unread).toBe(1)

    const sent = await world.send({ to: { playerIds: ['7'] } })
    await world.relay()
    expect(await codeOf(world.handlers.cancel({ campaignId: sent.campaignId }, playerContext('900')))).toBe(
      'CAMPAIGN_ENDED',
    )
    expect(await codeOf(world.handlers.cancel({ campaignId: '1' }, playerContext('900')))).toBe('UNKNOWN_CAMPAIGN')
    const { campaigns } = await world.handlers.campaigns({ limit: 30 }, playerContext('900'))
    expect(campaigns.map((one) => one.campaignId)).toEqual([sent.campaignId, campaignId])
  })

  test('G2 G8 the same key sends once for an admin, another campaign with it is refused', async () => {
    await world.crowd(1, 3)
    const asked = { key: 'once', to: { everybody: true } }
    const both = await Promise.all([world.send(asked), world.process().send(asked)])
    expect(both[0]?.campaignId).toBe(both[1]?.campaignId)
    await world.relay()
    expect(await inboxes()).toBe(3)
    expect(await codeOf(world.send({ ...asked, title: 'Other' }))).toBe('KEY_REUSED')
    expect((await world.send(asked, '901')).campaignId).not.toBe(both[0]?.campaignId)
    await expect(
      world.send({ to: { everybody: true }, rewards: [...COINS, { type: 'gold', amount: 1 }] }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_TYPE', details: { field: 'rewards.1.type' } })
  })

  test('G15 only recipients who are online are told, with what is in their inbox', async () => {
    await world.crowd(1, 5)
    world.online.add('2').add('99')
    const told = await Promise.all(['1', '2', '99'].map((playerId) => world.listenTo(playerId)))
    await world.send({ to: { everybody: true }, rewards: COINS })
    await world.send({ to: { playerIds: ['1', '2'] } })
    await world.relay()
    await expect.poll(() => told[1]?.length).toBe(2)
    expect(told[1]?.at(-1)).toMatchObject({ event: 'INBOX_CHANGED', data: { unread: 2, unclaimed: 1 } })
    expect([told[0], told[2]]).toEqual([[], []])
  })
})

describe('audiences', () => {
  const idAt = (ms: number): Id => idMaker(manualClock(ms), 1)()
  const reached = async (to: object): Promise<Id[]> => {
    const { campaignId } = await world.send({ to })
    await world.relay()
    const rows = await world.rows<{ player_id: Id }>(
      `select player_id from rewards.inbox where campaign_id = ${campaignId} order by player_id`,
    )
    const { recipients, delivered } = await world.campaign(campaignId)
    expect([recipients, delivered]).toEqual([rows.length, rows.length])
    return rows.map(({ player_id }) => player_id)
  }

  test('G9 those who are named, everybody, or a segment by level and day of joining', async () => {
    const [old, young, late] = [idAt(NOON - 9 * DAY_MS), idAt(NOON - DAY_MS), idAt(NOON + DAY_MS)]
    for (const playerId of [old, young, late]) world.accounts.add(playerId)
    await world.grant({ playerId: old, type: 'xp', amount: 300 })
    await world.grant({ playerId: young, type: 'xp', amount: 299 })
    await world.grant({ playerId: late, type: 'chest', amount: 1 })
    const ago = (days: number) => new Date(NOON - days * DAY_MS).toISOString()

    expect(await reached({ everybody: true }), 'who joined after it was sent is not among them').toEqual([old, young])
    expect(await reached({ playerIds: [late, old, late, '12345'] })).toEqual([old, late])
    expect(await reached({ levelMin: 3 })).toEqual([old])
    expect(await reached({ levelMax: 2 })).toEqual([young])
    expect(await reached({ levelMin: 2, levelMax: 3 })).toEqual([old, young])
    expect(await reached({ levelMin: 101 })).toEqual([])
    expect(await reached({ joinedAfter: ago(2) })).toEqual([young])
    expect(await reached({ joinedBefore: ago(2) })).toEqual([old])
    expect(await reached({ joinedAfter: ago(10), joinedBefore: ago(9), levelMin: 1 })).toEqual([])
    expect(await reached({ joinedAfter: '0001-01-01T00:00:00Z', joinedBefore: '9999-12-31T00:00:00Z' })).toEqual([
      old,
      young,
    ])
  })

  test('G9 G10 of who leaves a segment while it is sent to is said in the end that it was one fewer', async () => {
    await world.crowd(1, 1_500)
    const { campaignId } = await world.send({ to: { levelMax: 1 } })
    const event = await world.nextEvent()
    if (event) await world.deliver(event)
    await world.grant({ playerId: '1400', type: 'xp', amount: 100 })
    expect(await world.campaign(campaignId)).toMatchObject({ recipients: 1_500, delivered: 1_000 })
    await world.relay()
    expect(await world.campaign(campaignId)).toMatchObject({ state: 'sent', recipients: 1_499, delivered: 1_499 })
  })

  test('G9 a segment of which nothing is said is refused, since it would be everybody', async () => {
    await expect(async () => world.send({ to: {} })).rejects.toThrow()
  })

  test('G9 G14 players are known from their creation, and those of before are looked through once', async () => {
    for (let id = 1; id <= 2_001; id++) world.accounts.add(String(id))
    await world.runJob('census')
    expect((await reached({ everybody: true })).length).toBe(2_001)
    world.accounts.add('5000')
    await world.process().runJob('census')
    await world.deliver(
      world.envelope(USER_CREATED, { userId: '6000', loginType: 'guest', at: new Date(NOON).toISOString() }),
    )
    expect((await reached({ everybody: true })).slice(-2)).toEqual(['2001', '6000'])
  })
})

describe('the inbox', () => {
  const sendTo = async (playerIds: readonly Id[], more: object = {}): Promise<Id> => {
    const { campaignId } = await world.send({ to: { playerIds }, rewards: COINS, ...more })
    await world.relay()
    return campaignId
  }
  beforeEach(() => world.crowd(1, 10))

  test('G12 B7 twenty claims at once from two processes give what a message brings once', async () => {
    const rewards = [...COINS, { type: 'chest', amount: 1 }, { type: 'xp', amount: 10 }]
    const messageId = await sendTo(['1'], { rewards })
    const other = world.process()
    const claims = Array.from({ length: 20 }, (_, index) => (index % 2 ? world : other).claim('1', messageId))
    const answers = await Promise.all([...claims, world.claimAll('1'), other.claimAll('1')])
    for (const answer of answers.slice(0, 20)) expect(answer).toEqual({ claimed: [messageId], rewards })
    expect(world.wallet.has('1')).toBe(100)
    expect(await world.mine('1')).toMatchObject({ level: { experience: 10 }, items: [{ type: 'chest', amount: 1 }] })
    expect(await world.inbox('1')).toMatchObject({ unread: 0, unclaimed: 0 })
  })

  test('G12 everything is claimed with one call, and again is nothing', async () => {
    const first = await sendTo(['1'])
    const second = await sendTo(['1', '2'], { rewards: [{ type: 'chest', amount: 3 }] })
    await sendTo(['1'], { rewards: [] })
    await sendTo(['2'])
    expect(await world.claimAll('1')).toEqual({
      claimed: [first, second],
      rewards: [...COINS, { type: 'chest', amount: 3 }],
    })
    expect(await world.claimAll('1')).toEqual({ claimed: [], rewards: [] })
    expect(world.wallet.has('1')).toBe(100)
    expect(await world.inbox('1')).toMatchObject({ unread: 1, unclaimed: 0 })
    expect(await world.inbox('2')).toMatchObject({ unread: 2, unclaimed: 2 })
  })

  test('G3 G12 what was claimed while the wallet was away is claimed, and paid when it is back', async () => {
    const messageId = await sendTo(['1'])
    world.wallet.mood = 'away'
    expect(await world.claim('1', messageId)).toEqual({ claimed: [messageId], rewards: COINS })
    world.wallet.mood = 'well'
    world.clock.advance(10_000)
    await world.runJob('pay')
    expect(world.wallet.has('1')).toBe(100)
  })

  test('G11 messages are read up to one, newest first and by pages, by their player alone', async () => {
    const ids: Id[] = []
    for (let n = 0; n < 3; n++) ids.push(await sendTo(['1'], { title: `No. ${n}` }))
    const [first = '', second = '', third = ''] = ids
    expect((await world.inbox('1', { limit: 2 })).messages.map(({ messageId }) => messageId)).toEqual([third, second])
    expect((await world.inbox('1', { before: second })).messages).toMatchObject([{ messageId: first, title: 'No. 0' }])
    const told = await world.listenTo('1')
    expect(await world.handlers.read({ messageId: second }, playerContext('1'))).toEqual({ unread: 1 })
    expect(await world.handlers.read({ messageId: first }, playerContext('1'))).toEqual({ unread: 1 })
    await expect.poll(() => told).toMatchObject([{ event: 'INBOX_CHANGED', data: { unread: 1, unclaimed: 3 } }])
    expect(await codeOf(world.handlers.read({ messageId: first }, playerContext('2')))).toBe('UNKNOWN_MESSAGE')
    expect(await codeOf(world.claim('2', first))).toBe('UNKNOWN_MESSAGE')
    const staff = playerContext('1', { actorId: '900' })
    const works = [
      () => world.handlers.read({ messageId: first }, staff),
      () => world.handlers.claim({ messageId: first }, staff),
      () => world.handlers.claimAll({}, staff),
      () => world.handlers.claimDaily({}, staff),
    ]
    for (const work of works) expect(await codeOf(work())).toBe('FORBIDDEN')
  })

  test('G11 what has expired is neither shown nor claimed, and deleted 30 days later', async () => {
    const [claimed, expired] = [await sendTo(['1', '2']), await sendTo(['1'], { expiresInMs: 60_000 })]
    const bare = await sendTo(['1'], { rewards: [] })
    await world.claim('1', claimed)
    expect(await codeOf(world.claim('1', bare))).toBe('NOTHING_TO_CLAIM')
    world.clock.advance(60_000)
    expect(await codeOf(world.claim('1', expired))).toBe('MESSAGE_EXPIRED')
    expect((await world.claimAll('1')).claimed).toEqual([])
    expect(await world.inbox('1')).toMatchObject({
      messages: [{ messageId: bare }, { messageId: claimed }],
      unclaimed: 0,
    })

    world.clock.advance(30 * DAY_MS + 1)
    expect((await world.claim('1', claimed)).claimed, 'the answer of before').toEqual([claimed])
    for (let run = 0; run < 4; run++) await world.runJob('clear-inboxes')
    expect(await world.rows(`select player_id from rewards.inbox where campaign_id = ${expired}`)).toEqual([])
    expect(await inboxes()).toBe(3)
    world.clock.advance(30 * DAY_MS)
    for (let run = 0; run < 6; run++) await world.runJob('clear-inboxes')
    expect(await inboxes()).toBe(0)
    expect((await world.handlers.campaigns({ limit: 30 }, playerContext('900'))).campaigns).toHaveLength(3)
  })

  test('G13 a deleted account has no inbox, is sent nothing, and an admin who is gone is not named', async () => {
    await sendTo(['1', '2'])
    await world.crowd(900, 1)
    const at = new Date(NOON).toISOString()
    for (const userId of ['1', '900']) await world.deliver(world.envelope(USER_DELETED, { userId, at }))
    const campaignId = await sendTo(['1', '2'])
    expect(await world.campaign(campaignId)).toMatchObject({ delivered: 1 })
    expect((await world.inbox('1')).messages).toEqual([])
    expect(await codeOf(world.claimAll('1'))).toBe('UNAUTHENTICATED')
    const { campaigns } = await world.handlers.campaigns({ limit: 30 }, playerContext('901'))
    expect(campaigns.map(({ by }) => by)).toEqual(['900', null])
  })
})

import { type ServiceEdge, serviceEdge } from '@meydan/conformance/edge'
import { playerContext } from '@meydan/conformance/harness'
import { USER_DELETED } from '@meydan/contracts/identity'
import type { Listener } from '@meydan/kernel/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf, NOON, openWorld } from './tests/world.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let edge: ServiceEdge
const looks: unknown[] = []
let players = 100
const someone = (): string => String(++players)
beforeAll(async () => {
  world = await openWorld()
  const log = { ...world.made.kit.log, info: (line: unknown) => looks.push(line) }
  edge = await serviceEdge(world.service, { ...world.made.kit, log })
})
afterAll(async () => {
  await edge?.close()
  await world?.close()
})

test('W10 support reads what a player has and had, and the log says who looked', async () => {
  const ada = someone()
  await world.give(ada, 70)
  const balances = await edge.get(`/v1/ledger/players/${ada}`, '9.support')
  expect(balances.body).toMatchObject({ balances: [{ currency: 'coins', balance: 70 }, { currency: 'gems' }] })
  const statement = await edge.get(`/v1/ledger/players/${ada}/statement?currency=coins`, '9.support')
  expect(statement.body).toMatchObject({ lines: [{ line: 1, amount: 70 }] })
  const look = { staffId: '9', playerId: ada }
  expect(looks).toMatchObject([look, look])
  for (const path of ['', '/statement?currency=coins'])
    expect(await edge.get(`/v1/ledger/players/${ada}${path}`, ada)).toMatchObject({ status: 403 })
})

test('W3 W10 an admin takes a transfer back, once, and the ledger keeps who did and why', async () => {
  const ada = someone()
  const { transferId } = await world.give(ada, 70)
  const path = `/v1/ledger/transfers/${transferId}/reversal`
  const asked = { key: 'mistake-1', reason: 'support.paid-twice' }
  expect(await edge.send('POST', path, asked, '9.support')).toMatchObject({ status: 403 })
  const first = await edge.send('POST', path, asked, '9.admin')
  expect(first).toMatchObject({ status: 200, body: { balances: [{ balance: 0 }] } })
  expect(await edge.send('POST', path, asked, '9.admin')).toEqual(first)
  const other = await edge.send('POST', path, { ...asked, key: 'mistake-2' }, '8.admin')
  expect(other).toMatchObject({ status: 409, code: 'REVERSED_ALREADY' })
  const kept = await world.rows(`select caller, reason from wallet.transfers where about = ${transferId}`)
  expect(kept).toEqual([{ caller: 'staff:9', reason: 'support.paid-twice' }])
})

/** As the bus tells the wallet. */
async function deleted(userId: string): Promise<void> {
  const [listener]: readonly Listener[] = world.listeners
  const data = { userId, at: new Date(NOON).toISOString() }
  expect(listener?.event).toBe(USER_DELETED)
  await world.made.kit.db.transaction(async (tx) =>
    listener?.handle(tx, { id: '1', data, at: data.at, traceparent: undefined }),
  )
}

test('W11 what a deleted player has goes back to the faucet, what was held too, and what comes late', async () => {
  const [ada, bora] = [someone(), someone()]
  for (const player of [ada, bora]) await world.give(player, 100)
  const hold = { account: `player:${ada}`, currency: 'coins', amount: 40, expiresInMs: 60_000 }
  const { transferId: holdId } = await world.hold(hold)
  await deleted(ada)
  await Promise.all([world.runJobs(), world.process().runJobs()])
  expect(await world.has(ada)).toEqual([0, 0])
  expect(await codeOf(world.post({ holdId, to: 'house' }))).toBe('HOLD_ENDED')
  await world.give(ada, 7)
  await world.runJobs()
  expect(await world.has(ada)).toEqual([0, 0])
  expect(await world.has(bora)).toEqual([100, 0])
})

test('W7 W11 a deleted player takes nothing from the faucet', async () => {
  const ada = someone()
  await deleted(ada)
  const asked = { key: 'late', currency: 'coins', amount: 1 }
  expect(await codeOf(world.handlers.faucet(asked, playerContext(ada)))).toBe('UNAUTHENTICATED')
})

test('W9 the audit finds nothing wrong in all of this', async () => {
  expect(await world.findings()).toEqual([])
})

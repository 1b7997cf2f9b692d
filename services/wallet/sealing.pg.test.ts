import { type ServiceEdge, serviceEdge } from '@meydan/conformance/edge'
import { quietLog } from '@meydan/conformance/harness'
import { LedgerDay, TransferProof } from '@meydan/contracts/wallet'
import { createMetrics } from '@meydan/kernel/telemetry'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { auditJob, LEASE_MS } from './auditing.ts'
import { provesTransfer } from './proof.ts'
import { openWorld } from './tests/world.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let edge: ServiceEdge
/** Transfers to 1, 2 and 3, on three days that are over, and one of today. */
let given: { transferId: string }[]
beforeAll(async () => {
  world = await openWorld()
  edge = await serviceEdge(world.service, world.made.kit)
  given = []
  for (const [playerId, daysAgo] of Object.entries({ '1': 3, '2': 2, '3': 1, '4': 0 })) {
    const { transferId } = await world.give(playerId, 100)
    given.push({ transferId })
    const then = `posted_at - interval '${daysAgo} days'`
    await world.tamper('transfers', `update wallet.transfers set posted_at = ${then} where transfer_id = ${transferId}`)
  }
  await Promise.all([world.runJobs(), world.process().runJobs()])
})
afterAll(async () => {
  await edge?.close()
  await world?.close()
})

const days = async (query = ''): Promise<LedgerDay[]> =>
  z.object({ days: z.array(LedgerDay) }).parse((await edge.get(`/v1/ledger/days${query}`)).body).days
const proof = (index: number, token: string) =>
  edge.get(`/v1/ledger/transfers/${given[index]?.transferId}/proof`, token)

test('W8 days that are over are sealed by themselves, and everybody may read their heads', async () => {
  const sealed = await days()
  expect(sealed.map(({ transfers }) => transfers)).toEqual([1, 1, 1])
  expect(await days(`?before=${sealed[0]?.day}&limit=1`)).toEqual(sealed.slice(1, 2))
})

test('W8 a transfer is proved to its players and to admins, against the head that everybody has', async () => {
  const { body } = await proof(1, '2')
  const found = TransferProof.parse(body)
  expect(provesTransfer(found)).toBe(true)
  const [, second, first] = await days()
  expect([found.head, found.before]).toEqual([second?.head, first?.head])
  expect(await proof(1, '9.admin')).toEqual({ status: 200, body })
  for (const change of [{ entry: found.entry.replace('100', '900') }, { before: found.head }, { index: 1 }])
    expect(provesTransfer({ ...found, ...change })).toBe(false)
})

test('W8 nobody else is told that a transfer is there, and none is proved before its day is sealed', async () => {
  const unknown = { status: 404, code: 'UNKNOWN_TRANSFER' }
  expect(await proof(1, '3')).toMatchObject(unknown)
  expect(await edge.get('/v1/ledger/transfers/1/proof', '9.admin')).toMatchObject(unknown)
  expect(await proof(3, '4')).toMatchObject({ status: 409, code: 'DAY_OPEN' })
})

test('W9 who rewrites the books and all that was sealed after them is found out by a head that was kept', async () => {
  const [newest] = await days()
  const head = Buffer.from(newest?.head ?? '', 'hex')
  expect(await world.findings(head)).toEqual([])
  await world.tamper(
    'transfers',
    `update wallet.transfers set reason = 'other' where transfer_id = ${given[0]?.transferId}`,
  )
  expect((await world.findings()).map(({ rule }) => rule)).toEqual(['day'])
  await world.tamper('days', 'truncate wallet.days, wallet.day_blocks')
  await world.runJobs()
  expect(await world.findings()).toEqual([])
  expect((await world.findings(head)).map(({ rule }) => rule)).toEqual(['head'])
})

test('W9 a transfer that is gone while its postings are not is found', async () => {
  await world.tamper('transfers', `delete from wallet.transfers where transfer_id = ${given[3]?.transferId}`)
  expect(await world.findings()).toMatchObject([{ rule: 'transfer', where: given[3]?.transferId }])
})

test('W9 each night one process audits the books, and every one of them shows what was found', async () => {
  const told: unknown[] = []
  const process = () => {
    const metrics = createMetrics()
    const log = { ...quietLog, error: (finding: unknown) => told.push(finding) }
    const job = auditJob({ ...world.made.kit, log, metrics })
    return async () => {
      await job.run(new AbortController().signal)
      return /^meydan_ledger_findings (\d+)$/m.exec(await metrics.text())?.[1]
    }
  }
  const [here, there] = [process(), process()]
  await world.rows('update wallet.audits set day = day - 1')
  world.clock.advance(LEASE_MS)
  expect([await here(), await there(), await here()]).toEqual(['1', '1', '1'])
  expect(told).toMatchObject([{ rule: 'transfer', where: given[3]?.transferId }])
})

import { createHmac } from 'node:crypto'
import { BET_ENDED, CRASH_BETTING, CRASH_ENDED, CRASH_STARTED } from '@meydan/contracts/crash'
import { createLog, createMetrics } from '@meydan/kernel/telemetry'
import { expect, test } from 'vitest'
import { openWorld, SALT } from './world.ts'

/** Everything that could give a round away before it is over. */
function secretsOf(seed: Buffer, crashPoint: number): string[] {
  const hmac = createHmac('sha256', SALT).update(seed).digest()
  const encodings = ['hex', 'base64', 'base64url', 'latin1'] as const
  const numbers = [String(crashPoint), (crashPoint / 100).toFixed(2), String(crashPoint / 100)]
  return [...encodings.flatMap((as) => [seed.toString(as), hmac.toString(as)]), ...numbers]
}

test('C11 nothing that leaves the server in a round tells how it will end: answers, events, metrics, and the log at its most talkative', async () => {
  const lines: string[] = []
  const metrics = createMetrics()
  const log = createLog({ level: 'trace', pretty: false, name: 'test', write: (line) => void lines.push(line) })
  const world = await openWorld({}, { log, metrics })
  try {
    // A number that nothing else here is by chance.
    const { seed, crashPoint } = await world.nextCrash(70_000, 99_999)
    const secrets = secretsOf(seed, crashPoint)
    const answers: unknown[] = []
    for (const playerId of ['1', '2', '3']) await world.bank.give(playerId, 10_000)
    answers.push(await world.lobby('1'))
    await world.until(() => world.last(CRASH_BETTING))
    answers.push(await world.bet('1', 1_000), await world.bet('2', 1_000, 105), await world.lobby('3'))
    await world.until(() => world.last(CRASH_STARTED))
    await world.step(500)
    answers.push(await world.cashOut('1'), await world.lobby('3'), await world.cashOut('1'))
    await world.until(() => world.count(BET_ENDED) === 2)
    const { roundId = '' } = (await world.lobby('3')).round ?? {}
    for (const call of ['crash.lobbies', 'crash.mine', 'crash.me', 'crash.limits'])
      answers.push(await world.ask('1', call, {}))
    for (const call of ['crash.rounds', 'crash.chain']) answers.push(await world.ask('1', call, { lobbyId: 1 }))
    answers.push(await world.ask('1', 'crash.proof', { roundId }).catch((error: unknown) => error))
    expect(world.last(CRASH_ENDED)).toBeUndefined()
    const sent = JSON.stringify([answers, world.told, lines, await metrics.text()])
    for (const secret of secrets) expect(sent).not.toContain(secret)
    // And when it is over it is told.
    await world.until(() => world.last(CRASH_ENDED))
    expect(JSON.stringify(world.told)).toContain(seed.toString('hex'))
  } finally {
    await world.close()
  }
})

test('C3 nobody computes a result from what was committed to: the commitment is no round’s own hash', async () => {
  const world = await openWorld()
  try {
    const { crashPoint } = await world.nextCrash(150, 400)
    const { chain } = await world.lobby('1')
    await world.until(() => world.last(CRASH_ENDED))
    expect(world.last(CRASH_ENDED)).toMatchObject({ multiplier: crashPoint })
    expect(world.last(CRASH_ENDED)?.hash).not.toBe(chain.commitment)
  } finally {
    await world.close()
  }
})

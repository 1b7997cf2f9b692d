import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { chaos } from './chaos.ts'
import { FAULT_NAMES } from './faults.ts'

/** `npm run chaos` in short: each fault once, at moments of a new seed. */
test('A4 A7 A8 DESIGN §10 whatever is killed, stopped or away: play goes on, with one owner a room, and nothing acknowledged is lost', async () => {
  const seed = randomInt(1_000_000)
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  say(`npm run chaos -- --seed ${seed} --rounds 1 --people 8 --kafka-away-s 5`)
  const rounds = await chaos({
    seed,
    rounds: 1,
    people: 8,
    faults: FAULT_NAMES,
    kafkaAwayMs: 5_000,
    onRound: ({ fault, what, silenceMs }) => say(`${fault}: ${what}, silent for ${silenceMs.toFixed(0)} ms`),
  })
  expect(rounds.map(({ fault }) => fault)).toEqual(FAULT_NAMES)
  expect(rounds.flatMap(({ violations }) => violations)).toEqual([])
}, 600_000)

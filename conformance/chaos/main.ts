import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { chaos, type Round } from './chaos.ts'
import { FAULT_NAMES, type FaultName } from './faults.ts'

/** `npm run chaos -- --seed 7 --rounds 10 --fault kill-rooms,stall-rooms`: real processes and engines, and what goes wrong with them. */
const SEED_END = 1_000_000
/** Beyond this it is told what took so long: more than a process takes to start. */
const SETTLED_SLOWLY_MS = 10_000
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(randomInt(SEED_END)) },
    rounds: { type: 'string', default: '10' },
    people: { type: 'string', default: '10' },
    fault: { type: 'string', default: FAULT_NAMES.join(',') },
    'kafka-away-s': { type: 'string', default: '30' },
    logs: { type: 'string' },
  },
})
const [seed, rounds, people, kafkaAwayS] = [values.seed, values.rounds, values.people, values['kafka-away-s']].map(
  Number,
) as [number, number, number, number]
const wanted = values.fault.split(',')
const faults = wanted.filter((name): name is FaultName => FAULT_NAMES.some((known) => known === name))
const isWhole = (value: number, min: number, max: number) => Number.isInteger(value) && value >= min && value <= max
if (
  !(
    isWhole(seed, 0, 2 ** 32 - 1) &&
    isWhole(rounds, 1, 1_000) &&
    isWhole(people, 1, 100) &&
    isWhole(kafkaAwayS, 1, 600)
  ) ||
  faults.length !== wanted.length
) {
  process.stderr.write(
    `chaos: --seed is a whole number from 0, --rounds 1 to 1000, --people 1 to 100, --kafka-away-s 1 to 600, --fault some of ${FAULT_NAMES.join(',')}\n`,
  )
  process.exit(1)
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const WIDTHS = [17, 8, 16, 16, 12, 12]
const row = (cells: readonly string[]): string => cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join('')
const ms = (value: number): string => `${value.toFixed(0)} ms`

function tell({ at, fault, what, silenceMs, positionMs, settledMs, waitedFor, violations }: Round): void {
  const missed = `silent ${ms(silenceMs)}, positions ${ms(positionMs)} old, settled after ${ms(settledMs)}`
  say(
    `${at.toISOString().slice(11, 23)} ${fault.padEnd(17)} ${what}: ${missed}${violations.length === 0 ? '' : `, ${violations.length} VIOLATIONS`}`,
  )
  if (settledMs > SETTLED_SLOWLY_MS) say(`    waited for: ${waitedFor}`)
  for (const violation of violations) say(`    ${violation}`)
}

function table(played: readonly Round[]): void {
  say(`\n${row(['fault', 'rounds', 'longest silence', 'oldest position', 'settled in', 'violations'])}`)
  for (const [fault, of] of Map.groupBy(played, (round) => round.fault)) {
    const most = (read: (round: Round) => number): string => ms(Math.max(...of.map(read)))
    const violations = of.reduce((sum, round) => sum + round.violations.length, 0)
    const missed = [most((it) => it.silenceMs), most((it) => it.positionMs), most((it) => it.settledMs)]
    say(row([fault, String(of.length), ...missed, String(violations)]))
  }
}

say(`seed ${seed}`)
const played = await chaos({
  seed,
  rounds,
  people,
  faults,
  kafkaAwayMs: kafkaAwayS * 1_000,
  onRound: tell,
  logs: values.logs,
})
table(played)
say(`seed ${seed}`)
process.exit(played.some(({ violations }) => violations.length > 0) ? 1 : 0)

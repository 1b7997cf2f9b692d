import { parseArgs } from 'node:util'
import { settlement } from './settlement.ts'

/** `npm run crash-settlement -- --seeds 20 --from 1`: the owner of a lobby is killed at moments of chance, and every bet is looked at. */
const SEEDS_MAX = 10_000
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, from: { type: 'string', default: '1' } },
})
const [seeds, from] = [Number(values.seeds), Number(values.from)]
if (![seeds, from].every((value) => Number.isInteger(value) && value >= 1 && value <= SEEDS_MAX)) {
  process.stderr.write(`crash-settlement: --seeds and --from are whole numbers, 1 to ${SEEDS_MAX}\n`)
  process.exit(1)
}

let failed = 0
for (let seed = from; seed < from + seeds; seed++) {
  const { by, bets, cashedOut, settledMs, findings } = await settlement(seed)
  process.stdout.write(
    `seed ${seed}: ${by}, ${bets} bets and ${cashedOut} cash-outs acknowledged, all settled after ${settledMs.toFixed(0)} ms, ${findings.length} findings\n`,
  )
  for (const finding of findings) process.stdout.write(`    ${finding}\n`)
  if (findings.length > 0) failed++
}
process.stdout.write(`${seeds - failed} of ${seeds} seeds without a finding\n`)
if (failed > 0) process.exitCode = 1

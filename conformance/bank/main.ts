import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { bank } from './bank.ts'

/** `npm run bank -- --seeds 20 [--seed 7]`: the ledger under `kill -9` and a Postgres that crashes, once for each seed from the first one on. */
const SEED_END = 1_000_000
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(randomInt(SEED_END)) },
  },
})
const [seeds, first] = [Number(values.seeds), Number(values.seed)]
if (!(Number.isInteger(seeds) && seeds >= 1 && seeds <= 1_000 && Number.isInteger(first) && first >= 0)) {
  process.stderr.write('bank: --seeds is 1 to 1000, --seed a whole number from 0\n')
  process.exit(1)
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
for (let seed = first; seed < first + seeds; seed++) {
  say(`npm run bank -- --seed ${seed}`)
  const { acknowledged, refused, reads, violations } = await bank(seed, (line) => say(`  ${line}`))
  say(
    `  ${acknowledged} acknowledged, ${refused} refused, ${reads} reads of all balances, ${violations.length} violations`,
  )
  for (const violation of violations) say(`    ${violation}`)
  if (violations.length > 0) process.exitCode = 1
}

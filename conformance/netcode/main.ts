import { FAR, FAR_TCP, type LinkShape, PERFECT } from './link.ts'
import { lineOf, measure } from './measure.ts'

/** Prints how fast rooms play over several links: `node conformance/netcode/main.ts [seeds, default 3] [seconds, default 60]`. */
const seeds = Number(process.argv[2] ?? 3)
const seconds = Number(process.argv[3] ?? 60)

const LINKS: Readonly<Record<string, LinkShape>> = {
  'no delay': PERFECT,
  '40 ± 8 ms': { ...PERFECT, delayMs: 20, jitterMs: 4, loss: 0.001 },
  '80 ± 16 ms, 1 %': { ...PERFECT, delayMs: 40, jitterMs: 8, loss: 0.01 },
  '150 ± 30 ms, 2 %': FAR,
  '150 ± 30 ms, 2 %, TCP': FAR_TCP,
  '250 ± 80 ms, 5 %': { ...FAR, delayMs: 125, jitterMs: 40, loss: 0.05 },
}

const lines: Record<string, Record<string, string>> = {}
for (const [name, link] of Object.entries(LINKS)) {
  for (let seed = 1; seed <= seeds; seed++)
    lines[`${name} #${seed}`] = lineOf(await measure(link, seed, seconds * 1_000))
}
console.table(lines)
console.log('px, ticks and ms: median / p99 / most. Round trips; loss each way.')

import { parseArgs } from 'node:util'
import { startPlatform } from '../platform/index.ts'
import { type Sample, soak } from './soak.ts'
import { faultsOf } from './verdict.ts'

/** `npm run soak -- --minutes 30 --players 300`: a platform of its own, and people who come, play, drop and go. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    players: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
})
const [minutes, people, seed] = [values.minutes, values.players, values.seed].map(Number)
if (
  !(minutes && minutes > 0 && minutes <= 1_440 && people && people >= 1 && people <= 1_000 && Number.isInteger(seed))
) {
  process.stderr.write('soak: --minutes is 0 to 1440, --players 1 to 1000, --seed a whole number\n')
  process.exit(1)
}

function line({ atMs, gauges, deeds, cuts }: Sample): string {
  const number = (value: number, width: number): string => value.toFixed(0).padStart(width)
  return [
    `${number(atMs / 1_000, 5)} s`,
    `rss ${number(gauges.rssMb, 4)} MB`,
    `heap ${number(gauges.heapMb, 4)} MB`,
    `${number(gauges.rooms, 3)} rooms`,
    `${number(gauges.sockets, 4)} sockets`,
    `${number(gauges.sessions, 4)} sessions`,
    `${number(gauges.timers, 4)} timers`,
    `${number(gauges.keys, 5)} keys`,
    `${number(deeds.matches, 5)} matches joined, ${deeds.left} left, ${deeds.cancelled} cancelled, ${cuts} cut, refused: ${refusals(deeds.refused)}`,
    `${number(gauges.ticksMissed, 4)} ticks missed`,
  ].join('  ')
}

function refusals(refused: Readonly<Record<string, number>>): string {
  return (
    Object.entries(refused)
      .map(([code, count]) => `${count} ${code}`)
      .join(', ') || 'none'
  )
}

const platform = await startPlatform({
  MEYDAN_MATCH_MS: '30000',
  MEYDAN_BOT_WAIT_MS: '2000',
  MEYDAN_LIMIT_SCALE: '1000',
  MEYDAN_ADDRESS_LIMIT: '1000000',
})
let faults: string[]
try {
  const report = await soak({
    url: platform.url,
    people: people ?? 1,
    ms: (minutes ?? 1) * 60_000,
    seed: seed ?? 1,
    onSample: (sample) => process.stdout.write(`${line(sample)}\n`),
  })
  faults = faultsOf(report)
  const at = (part: number) => report.samples[Math.floor((report.samples.length - 1) * part)]?.gauges.rssMb.toFixed(0)
  process.stdout.write(`\nrss at the start ${at(0)} MB, in the middle ${at(0.5)} MB, at the end ${at(1)} MB\n`)
  process.stdout.write(`held after everybody had gone: ${JSON.stringify(report.after)}\n`)
} finally {
  await platform.stop()
}
for (const fault of faults) process.stderr.write(`soak: ${fault}\n`)
process.exit(faults.length === 0 ? 0 : 1)

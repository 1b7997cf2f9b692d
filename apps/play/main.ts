import { parseArgs } from 'node:util'
import { latenessP99Ms } from './lateness.ts'
import { Player, type Stage } from './player.ts'

/** `npm run play -- --players 20`: fills a running server with people who each play one real match. */
const { values } = parseArgs({
  options: {
    players: { type: 'string', default: '20' },
    url: { type: 'string', default: 'http://127.0.0.1:4000' },
    seconds: { type: 'string', default: '400' },
  },
})
const count = Number(values.players)
const secondsMax = Number(values.seconds)
if (!Number.isInteger(count) || count < 1 || count > 1_000 || !(secondsMax > 0)) {
  process.stderr.write('play: --players is 1 to 1000, --seconds is more than 0\n')
  process.exit(1)
}

async function metrics(): Promise<string> {
  try {
    return await (await fetch(`${values.url}/metrics`)).text()
  } catch {
    process.stderr.write(`play: nobody answers at ${values.url}; start the platform with npm start, or give --url\n`)
    process.exit(1)
  }
}

function quantile(numbers: readonly number[], part: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))] ?? 0
}

const before = await metrics()
const players = Array.from({ length: count }, () => new Player(values.url))
const finished = Promise.all(players.map((player, index) => player.play(`Player ${index + 1}`)))
const startedMs = performance.now()
let lastSnapshots = 0
let lastBytes = 0
let lastMs = startedMs

function stages(): string {
  const tally = new Map<Stage, number>()
  for (const { stage } of players) tally.set(stage, (tally.get(stage) ?? 0) + 1)
  return [...tally].map(([stage, number]) => `${number} ${stage}`).join(', ')
}

function line(latenessMs: number | undefined): string {
  const nowMs = performance.now()
  const snapshots = players.reduce((sum, player) => sum + player.snapshots, 0)
  const bytes = players.reduce((sum, { client }) => sum + client.bytesReceived, 0)
  const perS = (value: number): number => value / ((nowMs - lastMs) / 1_000)
  const playing = players.filter(({ stage }) => stage === 'playing').length
  const rtts = players.map(({ client }) => client.rttMs)
  const text = [
    `${((nowMs - startedMs) / 1_000).toFixed(0).padStart(4)} s`,
    stages().padEnd(34),
    `${perS(snapshots - lastSnapshots)
      .toFixed(0)
      .padStart(5)} snapshots/s`,
    `${(perS(bytes - lastBytes) / Math.max(1, playing)).toFixed(0).padStart(5)} B/s each`,
    `rtt p50 ${quantile(rtts, 0.5)} p99 ${quantile(rtts, 0.99)} ms`,
    `tick lateness p99 ≤ ${latenessMs ?? '–'} ms`,
  ].join('  ')
  lastSnapshots = snapshots
  lastBytes = bytes
  lastMs = nowMs
  return text
}

const table = setInterval(async () => {
  process.stdout.write(`${line(latenessP99Ms(await metrics(), before))}\n`)
}, 2_000)
const { promise: outOfTime, resolve } = Promise.withResolvers<'late'>()
const timer = setTimeout(() => resolve('late'), secondsMax * 1_000)
const result = await Promise.race([finished, outOfTime])
clearInterval(table)
clearTimeout(timer)

const failed = players.filter(({ stage }) => stage === 'failed')
for (const { error } of failed.slice(0, 5))
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
const done = players.filter(({ stage }) => stage === 'done').length
const lateness = latenessP99Ms(await metrics(), before)
process.stdout.write(
  `\n${done} of ${count} played to the end, ${failed.length} failed; tick lateness p99 ≤ ${lateness ?? '–'} ms\n`,
)
if (result === 'late') process.stdout.write(`stopped after ${secondsMax} s\n`)
process.exit(failed.length === 0 && (done === count || result === 'late') ? 0 : 1)

import { canPin } from '../measure/child.ts'
import { median, rounded } from '../measure/numbers.ts'
import { keepResult } from '../measure/result.ts'
import { CONTESTANTS, type Contestant } from './contestants.ts'
import type { Load, Measured } from './messages.ts'
import { type Running, start } from './processes.ts'

/** `npm run bench -- fanout`: deliveries per second of server CPU time, beside a bare `ws` loop and Socket.IO. */

const SOCKETS = 400
const TEXT_BYTES = [100, 1_000]
const BURSTS = [1, 8]
const RUNS = 7
const RUN_MS = 1_000
const WARM_UP_MS = 1_000
/** DESIGN §9, for one event at a time. */
const OF_WS_MIN = 0.9
const OF_SOCKETIO_MIN = 1.2

type PerContestant<T> = { [name in Contestant]: T }

interface Scenario {
  readonly load: Load
  readonly runs: PerContestant<Measured[]>
}

const scenarios = BURSTS.flatMap((burst) =>
  TEXT_BYTES.map(
    (textBytes): Scenario => ({
      load: { textBytes, burst, runMs: RUN_MS, sockets: SOCKETS },
      runs: { meydan: [], ws: [], socketio: [] },
    }),
  ),
)

console.log(
  `starting ${CONTESTANTS.length} servers with ${SOCKETS} sockets each${canPin ? '' : ' (not pinned: no taskset)'} …`,
)
const running: PerContestant<Running> = {
  meydan: await start('meydan', SOCKETS),
  ws: await start('ws', SOCKETS),
  socketio: await start('socketio', SOCKETS),
}
for (const contestant of CONTESTANTS) {
  for (const { load } of scenarios) await running[contestant].measure({ ...load, runMs: WARM_UP_MS / BURSTS.length })
}
for (let run = 0; run < RUNS; run++) {
  for (const { load, runs } of scenarios) {
    // Each run begins with another contestant, so that nobody always follows the same one.
    const order = CONTESTANTS.map((_, index) => CONTESTANTS[(index + run) % CONTESTANTS.length] ?? 'meydan')
    for (const contestant of order) runs[contestant].push(await running[contestant].measure(load))
    const figures = CONTESTANTS.map((name) => `${name} ${thousands(perCpuSecond(runs[name].at(-1)))}`)
    console.log(`run ${run + 1}/${RUNS}  ${load.textBytes} B × ${load.burst}  ${figures.join('  ')}`)
  }
}
for (const contestant of CONTESTANTS) running[contestant].stop()

const results = scenarios.map(summary)
const met = results
  .filter(({ burst }) => burst === 1)
  .every(({ ofWs, ofSocketio }) => ofWs >= OF_WS_MIN && ofSocketio >= OF_SOCKETIO_MIN)
console.table(
  results.map(({ textBytes, burst, perCpuSecond: { meydan, ws, socketio }, ofWs, ofSocketio }) => ({
    'text bytes': textBytes,
    'events a turn': burst,
    meydan: thousands(meydan),
    ws: thousands(ws),
    'Socket.IO': thousands(socketio),
    'of ws': ofWs,
    'of Socket.IO': ofSocketio,
  })),
)
console.log(
  `budget (≥ ${OF_WS_MIN} of ws, ≥ ${OF_SOCKETIO_MIN} of Socket.IO, one event a turn): ${met ? 'met' : 'MISSED'}`,
)
await keepResult('fanout', ['ws', 'socket.io', 'socket.io-client'], {
  what: 'deliveries per second of server CPU time, medians',
  settings: { sockets: SOCKETS, runs: RUNS, runMs: RUN_MS },
  budget: { ofWsMin: OF_WS_MIN, ofSocketioMin: OF_SOCKETIO_MIN, met },
  results,
})
process.exitCode = met ? 0 : 1

function summary({ load: { textBytes, burst }, runs }: Scenario) {
  const each = (figure: (measured: Measured) => number): PerContestant<number> => ({
    meydan: Math.round(median(runs.meydan.map(figure))),
    ws: Math.round(median(runs.ws.map(figure))),
    socketio: Math.round(median(runs.socketio.map(figure))),
  })
  const cpu = each(perCpuSecond)
  const wall = each(({ deliveries, wallMs }) => deliveries / (wallMs / 1_000))
  return {
    textBytes,
    burst,
    perCpuSecond: cpu,
    perWallSecond: wall,
    ofWs: rounded(cpu.meydan / cpu.ws),
    ofSocketio: rounded(cpu.meydan / cpu.socketio),
  }
}

function perCpuSecond(measured: Measured | undefined): number {
  return measured ? measured.deliveries / (measured.cpuMs / 1_000) : Number.NaN
}

function thousands(perSecond: number): string {
  return `${(perSecond / 1_000).toFixed(0)}k`
}

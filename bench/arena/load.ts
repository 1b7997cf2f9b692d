import { serveParent } from '../measure/child.ts'
import { LoadAsked, type LoadMeasured, type Seat } from './messages.ts'
import { JOIN, type Player, received } from './players.ts'
import { TICK_MS, wishAt } from './scene.ts'

/** All players of one server, in one process: they send inputs at a steady rate and count what comes. */

/** As many at a time, so that connecting does not look like an attack on the server's queue of connections. */
const JOINING_AT_ONCE = 20

/** A seat that is not had by then never will be. */
const JOIN_MS_MAX = 15_000

const players: Player[] = []
let inputs = 0
let stop = (): void => undefined

async function connectAll(join: (seat: Seat) => Promise<Player>, seats: readonly Seat[]): Promise<void> {
  const left = seats.values()
  const worker = async (): Promise<void> => {
    for (const seat of left) players.push(await inTime(join(seat)))
  }
  await Promise.all(Array.from({ length: JOINING_AT_ONCE }, worker))
}

async function inTime(joining: Promise<Player>): Promise<Player> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`nobody was seated within ${JOIN_MS_MAX} ms`)), JOIN_MS_MAX)
  try {
    return await Promise.race([joining, promise])
  } finally {
    clearTimeout(timer)
  }
}

/** One player after the other, so that in `everyMs` each has sent one input and the server never gets them in a burst. */
function keepPlaying(everyMs: number): () => void {
  const beganMs = performance.now()
  let sent = 0
  let timer: NodeJS.Timeout
  const turn = (): void => {
    const nowMs = performance.now() - beganMs
    const due = Math.floor((nowMs / everyMs) * players.length)
    for (; sent < due; sent++) {
      const at = sent % players.length
      players[at]?.input(wishAt(at, Math.floor(nowMs / TICK_MS)))
      inputs++
    }
    timer = setTimeout(turn, 1)
  }
  turn()
  return () => clearTimeout(timer)
}

let cpu = process.cpuUsage()
let beganMs = 0
const before = { inputs: 0, frames: 0, bytes: 0 }

function measured(): LoadMeasured {
  const { user, system } = process.cpuUsage(cpu)
  return {
    frames: received.frames - before.frames,
    bytes: received.bytes - before.bytes,
    inputs: inputs - before.inputs,
    cpuMs: (user + system) / 1_000,
    wallMs: performance.now() - beganMs,
  }
}

serveParent(
  async (message) => {
    const asked = LoadAsked.parse(message)
    if (asked.ask === 'connect') {
      const { contestant, port, seats, inputEveryMs } = asked
      await connectAll((seat) => JOIN[contestant](port, seat), seats)
      stop = keepPlaying(inputEveryMs)
      return {}
    }
    if (asked.ask === 'begin') {
      cpu = process.cpuUsage()
      beganMs = performance.now()
      Object.assign(before, received, { inputs })
      return {}
    }
    return measured()
  },
  async () => {
    stop()
    for (const player of players) player.close()
  },
)

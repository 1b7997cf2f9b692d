import { Fault, type Random } from '@meydan/contracts/core'
import { MATCH_FOUND } from '@meydan/contracts/matchmaking'
import { arena } from '@meydan/games/arena'
import { type Client, createClient, type Room } from '@meydan/sdk'

export interface Deeds {
  matches: number
  finished: number
  left: number
  cancelled: number
  goneForGood: number
  /** How often the server refused for a reason that a person who behaves may meet, by code. */
  refused: Readonly<Record<string, number>>
}

/** Said to people who behave when the line breaks or somebody else was faster; they try again when they are told to. */
const TO_BE_EXPECTED = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'ROOM_GONE',
  'NOT_SEATED',
  'CANCELLED',
  'RATE_LIMITED',
])
const PAUSE_MS = 500
const STAY_MS_MAX = 20_000
const MATCH_MS_MAX = 60_000
const INPUT_EVERY_MS = 50

/**
 * Lives on the platform until `signal` says so: enters as a guest, asks, plays, leaves in the middle, changes its mind
 * in the queue, goes away and comes back as somebody else. Throws what a person must never meet.
 */
export async function live(url: string, random: Random, deeds: Deeds, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const client = createClient({ url })
    let waitMs = PAUSE_MS * random.float()
    try {
      await oneLife(client, random, deeds, signal)
    } catch (error) {
      if (!(error instanceof Fault && TO_BE_EXPECTED.has(error.code))) throw error
      deeds.refused = { ...deeds.refused, [error.code]: (deeds.refused[error.code] ?? 0) + 1 }
      waitMs += (error.retryAfterS ?? 0) * 1_000
    } finally {
      client.close()
    }
    await pause(waitMs, signal)
  }
}

async function oneLife(client: Client, random: Random, deeds: Deeds, signal: AbortSignal): Promise<void> {
  await client.guest({ displayName: `Person ${random.int(1, 9_999)}` })
  await client.connect()
  for (let match = random.int(1, 4); match > 0 && !signal.aborted; match--) {
    const found = foundBy(client, signal)
    const status = await client.call.matchmaking.ask({ game: arena.name })
    if (random.float() < 0.1) {
      await client.call.matchmaking.cancel({})
      deeds.cancelled++
      found.forget()
      continue
    }
    const roomId = status.state === 'playing' ? status.roomId : await found.room
    found.forget()
    if (roomId === undefined) return
    deeds.matches++
    await play(await client.joinRoom(roomId, arena), random, deeds, signal)
  }
  if (random.float() < 0.3) deeds.goneForGood++
}

function foundBy(client: Client, signal: AbortSignal): { room: Promise<string | undefined>; forget: () => void } {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const off = client.on(MATCH_FOUND, ({ roomId }) => resolve(roomId))
  // What was said while the line was broken for too long is asked for.
  const resync = client.onResync(async () => {
    const status = await client.call.matchmaking.status({}).catch(() => undefined)
    if (status?.state === 'playing') resolve(status.roomId)
  })
  const giveUp = (): void => resolve(undefined)
  signal.addEventListener('abort', giveUp)
  const late = setTimeout(giveUp, MATCH_MS_MAX)
  const forget = (): void => {
    off()
    resync()
    signal.removeEventListener('abort', giveUp)
    clearTimeout(late)
  }
  return { room: promise, forget }
}

async function play(
  room: Room<typeof arena.inputLayout, typeof arena.viewLayout>,
  random: Random,
  deeds: Deeds,
  signal: AbortSignal,
): Promise<void> {
  const over = new Promise<void>((resolve) => room.onClosed(() => resolve()))
  const moving = setInterval(() => {
    room.send({ moveX: random.int(-1, 1), moveY: random.int(-1, 1), aim: random.int(0, 1_023), fire: random.int(0, 1) })
  }, INPUT_EVERY_MS)
  try {
    if (random.float() < 0.3) {
      await Promise.race([over, pause(STAY_MS_MAX * random.float(), signal)])
      if (!room.isClosed) await room.leave()
      deeds.left++
    } else {
      await Promise.race([over, pause(MATCH_MS_MAX, signal)])
      deeds.finished++
    }
  } finally {
    clearInterval(moving)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}

import { setTimeout as delay } from 'node:timers/promises'
import { type Client, createClient } from '@meydan/sdk'
import { serveParent } from '../measure/child.ts'
import { RoundsAsked, type RoundsDone } from './messages.ts'

const GAME = 'arena'
/** The arena starts with three. */
const PLAYERS = 3
/** Longer than any start takes; then something is broken and the benchmark says so. */
const FOUND_MS_MAX = 10_000
/**
 * Between one player's ask and the next: what the ask before set off is over by then, and the third comes at no particular
 * moment of whatever the platform does by the clock.
 */
const APART_MS = { min: 150, max: 450 }

/** Three guests who meet, leave, and meet again. */
async function run({ url, warmUp, rounds }: RoundsAsked): Promise<RoundsDone> {
  const clients = await Promise.all(
    Array.from({ length: PLAYERS }, async (_, index) => {
      const client = createClient({ url })
      await client.guest({ displayName: `Bench ${index + 1}` })
      await client.connect()
      return client
    }),
  )
  const tookMs: number[] = []
  for (let round = -warmUp; round < rounds; round++) {
    const took = await meet(clients)
    if (round >= 0) tookMs.push(took)
  }
  for (const client of clients) client.close()
  return { tookMs }
}

async function meet(clients: readonly Client[]): Promise<number> {
  const found = clients.map(foundBy)
  const [last, ...before] = clients.toReversed()
  if (!last) throw new Error('nobody is here to meet')
  for (const client of before) {
    await client.call.matchmaking.ask({ game: GAME })
    await delay(APART_MS.min + Math.random() * (APART_MS.max - APART_MS.min))
  }
  const startedMs = performance.now()
  const asked = last.call.matchmaking.ask({ game: GAME })
  const times = await Promise.all(found.map(({ promise }) => promise))
  await asked
  const roomIds = new Set(times.map(({ roomId }) => roomId))
  if (roomIds.size !== 1) throw new Error(`the three were told ${roomIds.size} rooms`)
  for (const roomId of roomIds) await Promise.all(clients.map((client) => client.call.rooms.leave({ roomId })))
  // The room ends with its last player, and is over for matchmaking a little later.
  await delay(APART_MS.max)
  return Math.max(...times.map(({ atMs }) => atMs)) - startedMs
}

function foundBy(client: Client) {
  const { promise, resolve, reject } = Promise.withResolvers<{ roomId: string; atMs: number }>()
  const timer = setTimeout(() => reject(new Error(`no MATCH_FOUND within ${FOUND_MS_MAX} ms`)), FOUND_MS_MAX)
  const off = client.on('MATCH_FOUND', ({ roomId }) => {
    const atMs = performance.now()
    clearTimeout(timer)
    off()
    resolve({ roomId, atMs })
  })
  return { promise }
}

serveParent(
  (message) => run(RoundsAsked.parse(message)),
  async () => undefined,
)

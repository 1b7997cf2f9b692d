import { quietLog } from '@meydan/conformance/harness'
import { core, type Game } from '@meydan/contracts/core'
import { memoryCache, memoryLeases, memoryTopics } from '@meydan/drivers/memory'
import { arena } from '@meydan/games/arena'
import { createGateway } from '@meydan/gateway'
import { memoryLimiter } from '@meydan/kernel/rpc'
import { createMetrics } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { createRoomEngine } from '@meydan/realtime/rooms'
import { PLAYERS, sceneGame, TICK_MS } from './scene.ts'
import type { RoomServer } from './server.ts'
import { spread } from './stopwatch.ts'

const HOST = '127.0.0.1'

type Played = ({ game: 'scene'; entities: number } | { game: 'arena'; sendEveryTicks: number | undefined }) & {
  onTick: (room: object) => void
}

/** The real engine behind the real gateway and socket door, put together as the platform does; without accounts and Postgres. */
export async function openMeydan(played: Played): Promise<RoomServer> {
  const game: Game = played.game === 'scene' ? sceneGame(played.entities, played.onTick) : watchedArena(played)
  const clock = systemClock
  const metrics = createMetrics()
  const engine = createRoomEngine({
    games: [game],
    clock,
    cache: memoryCache(clock),
    leases: memoryLeases(clock),
    log: quietLog,
    metrics,
    processId: 'bench',
    roomsMax: 10_000,
  })
  const gateway = await createGateway({
    contracts: [],
    dispatch: async () => {
      throw core.UNKNOWN_CALL()
    },
    // A player's token is the player's id.
    verify: async (token) => ({
      playerId: token,
      sessionId: `9${token}`,
      roles: [],
      expiresAtMs: Number.MAX_SAFE_INTEGER,
    }),
    rooms: engine,
    topics: memoryTopics(clock, quietLog),
    clock,
    log: quietLog,
    metrics,
    trustProxy: false,
    version: 'bench',
    corsOrigins: [],
    limiter: memoryLimiter(clock),
    requestsPerWindow: 100_000,
    checks: {},
    pages: null,
  })
  const url = new URL(await gateway.listen(HOST, 0))
  engine.start()
  let rooms = 0
  let missed = 0
  return {
    port: Number(url.port),
    async open() {
      const roomId = `${1_000 + ++rooms}`
      const seats = Array.from({ length: PLAYERS }, (_, index) => ({
        playerId: `${rooms * 10 + index}`,
        name: `P${index}`,
        bot: false,
      }))
      const options: Record<string, number> = played.game === 'arena' ? { warmupMs: 0 } : {}
      await engine.open({ roomId, game: game.name, seats, options, seed: rooms })
      return seats.map(({ playerId }) => ({ path: '/v1/socket', roomId, playerId }))
    },
    own: {
      reset() {
        missed = engine.takeStats().missed
      },
      measured() {
        const stats = engine.takeStats()
        const newlyMissed = stats.missed - missed + stats.latenessMs.filter((late) => late > TICK_MS).length
        return { ticks: stats.latenessMs.length, ...spread(stats.latenessMs), missed: newlyMissed }
      },
    },
    async close() {
      await gateway.close()
      await engine.stop()
    },
  }
}

function watchedArena({
  sendEveryTicks,
  onTick,
}: {
  sendEveryTicks: number | undefined
  onTick: (room: object) => void
}): Game {
  const tick: typeof arena.tick = (state, turn) => {
    onTick(state)
    arena.tick(state, turn)
  }
  return { ...arena, tick, sendEveryTicks: sendEveryTicks ?? arena.sendEveryTicks }
}

import { handLoop, quietLog, quietMetrics } from '@meydan/conformance/harness'
import type { Game } from '@meydan/contracts/core'
import { InputCodec, SnapshotDecoder } from '@meydan/contracts/wire'
import { memoryCache, memoryLeases } from '@meydan/drivers/memory'
import { systemClock } from '@meydan/kernel/time'
import { createRoomEngine } from '@meydan/realtime/rooms'
import { PLAYERS, type Wish } from './scene.ts'

/** What a player wants in a tick;  */
type Wishes = (player: number, tick: number) => Wish

interface FramesAsked {
  readonly ticks: number
  /** From a snapshot to the frame that acknowledges it. */
  readonly ackTicks: number
  /** From one frame of a player to the next. */
  readonly inputEveryTicks: number
  readonly wishes: Wishes
  /** Of the room; everybody else's seats are bots'. */
  readonly people: number
}

/** Before the first of them snapshots are whole, or differ from one that is. */
const SETTLING_TICKS = 20

/**
 * What the snapshots of one room weigh, with WebSocket's header: the mean over its people, to the byte the same each time. The engine is
 * the real one, and nothing but it: ticks are counted, not waited for, and frames come as soon as they are sent.
 */
export async function weighFrames(game: Game, asked: FramesAsked): Promise<number> {
  const loop = handLoop()
  const engine = createRoomEngine({
    games: [game],
    clock: systemClock,
    cache: memoryCache(systemClock),
    leases: memoryLeases(systemClock),
    log: quietLog,
    metrics: quietMetrics,
    processId: 'frames',
    roomsMax: 1,
    loop,
  })
  const seats = Array.from({ length: PLAYERS }, (_, index) => ({
    playerId: `${index + 1}`,
    name: `P${index}`,
    bot: index >= asked.people,
  }))
  await engine.open({ roomId: '1', game: game.name, seats, options: { warmupMs: 0 }, seed: 7 })
  const codec = new InputCodec(game.inputLayout)
  const weighed = { frames: 0, bytes: 0 }
  const players = await Promise.all(
    seats.slice(0, asked.people).map(async ({ playerId }, index) => {
      const decoder = new SnapshotDecoder(game.viewLayout)
      const acks: number[] = []
      const frame = (bytes: Uint8Array): void => {
        if (!decoder.decode(bytes)) throw new Error('a snapshot was of no use')
        if (decoder.ackTick <= SETTLING_TICKS) return
        weighed.frames++
        weighed.bytes += bytes.length + (bytes.length < 126 ? 2 : 4)
      }
      const sink = { frame, event: () => undefined, closed: () => undefined }
      const { joined, input } = await engine.attach({ roomId: '1', playerId, sink })
      let seq = 0
      return (tick: number): void => {
        acks.push(decoder.ackTick)
        if (acks.length < asked.ackTicks || tick % asked.inputEveryTicks !== 0) return
        const ackTick = acks[acks.length - asked.ackTicks] ?? 0
        input(codec.encode(joined.handle, { ackTick, seq: ++seq, inputs: [{ ...asked.wishes(index, tick) }] }))
      }
    }),
  )
  for (let tick = 1; tick <= asked.ticks; tick++) {
    for (const player of players) player(tick)
    loop.tick()
  }
  await engine.stop()
  return weighed.bytes / weighed.frames
}

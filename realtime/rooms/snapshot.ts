import type { Plain, RandomState, Seat } from '@meydan/contracts/core'
import { z } from 'zod'
import type { Told } from './told.ts'

export interface SeatSnapshot extends Seat {
  readonly left: boolean
  readonly skill: number
}

/** What another process needs to take a room over: everything but the connections. */
export interface RoomSnapshot {
  readonly roomId: string
  readonly game: string
  readonly gameVersion: number
  readonly seed: number
  readonly options: { readonly [key: string]: Plain }
  readonly startedAtMs: number
  readonly tick: number
  readonly random: RandomState
  readonly botRandom: RandomState
  readonly seats: readonly SeatSnapshot[]
  readonly state: Plain
  readonly told: readonly Told[]
}

const word = z.number().int().min(0).max(0xffffffff)
const randomState = z.tuple([word, word, word, word])

const Shape = z.object({
  roomId: z.string(),
  game: z.string(),
  gameVersion: z.number(),
  seed: word,
  options: z.record(z.string(), z.json()),
  startedAtMs: z.number(),
  tick: z.number().int().min(0),
  random: randomState,
  botRandom: randomState,
  seats: z.array(
    z.object({
      index: z.number().int(),
      playerId: z.string(),
      name: z.string(),
      bot: z.boolean(),
      left: z.boolean(),
      skill: z.number(),
    }),
  ),
  state: z.json(),
  told: z
    .array(
      z.object({
        seq: z.number().int(),
        toSeat: z.number().int().nullable(),
        event: z.object({ type: z.string() }).catchall(z.json()),
      }),
    )
    .default([]),
})

export const snapshotKey = (roomId: string): string => `room:{${roomId}}:snapshot`

/** Undefined for what is not a snapshot, such as one of an older version. */
export function parseSnapshot(value: unknown): RoomSnapshot | undefined {
  const parsed = Shape.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

/** As the cache takes it. */
export function plainSnapshot(snapshot: RoomSnapshot): Plain {
  const { options, random, botRandom, seats, state, told, ...rest } = snapshot
  return {
    ...rest,
    options,
    random: [...random],
    botRandom: [...botRandom],
    seats: seats.map((seat) => ({ ...seat })),
    state,
    told: told.map((each) => ({ ...each })),
  }
}

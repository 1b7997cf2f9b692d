import type { Layout } from '@meydan/contracts/core'
import { InputCodec, NO_TICK, ROOM_FRAME, snapshotHead } from '@meydan/contracts/wire'
import { arena } from '@meydan/games/arena'
import { Packr } from 'msgpackr'
import { z } from 'zod'
import type { Contestant } from './contestants.ts'
import { BINARY, type Line, openLine, TEXT } from './line.ts'
import type { Seat } from './messages.ts'
import { inputLayout, type Wish } from './scene.ts'

/** What all players of this process have been sent: frames of the game, with what WebSocket puts around them. */
export const received = { frames: 0, bytes: 0 }

/** One player at their seat. */
export interface Player {
  input(wish: Wish): void
  close(): void
}

export const JOIN: { readonly [name in Contestant]: (port: number, seat: Seat) => Promise<Player> } = {
  meydan: (port, seat) => joinMeydan(port, seat, inputLayout),
  arena: (port, seat) => joinMeydan(port, seat, arena.inputLayout),
  'arena-each-tick': (port, seat) => joinMeydan(port, seat, arena.inputLayout),
  colyseus: joinColyseus,
  ws: joinBare,
}

function count(from: number, to: number): void {
  const length = to - from
  received.frames++
  received.bytes += length + (length < 126 ? 2 : 4)
}

/** As the SDK sends them: each input three times, so that a lost frame costs nothing. */
const REPEATS = 3
/** What a client says of how far it shows the others behind its newest snapshot. */
const BEHIND_TICKS = 3
const Answer = z.object({ out: z.object({ handle: z.int() }) })

/** Acknowledges snapshots with its inputs, as the SDK does. It holds a trigger, which only the arena knows. */
async function joinMeydan<L extends Layout>(port: number, seat: Seat, layout: L): Promise<Player> {
  const codec = new InputCodec<Layout>(layout)
  const { promise: joined, resolve, reject } = Promise.withResolvers<number>()
  let ackTick = NO_TICK
  const line = await openLine(port, seat.path, 'meydan.v2.json', (chunk, from, to, own) => {
    if (chunk[from] === ROOM_FRAME.snapshot) {
      ackTick = snapshotHead(chunk.subarray(from, to)).tick
      count(from, to)
      return
    }
    const text = chunk.toString('utf8', from, to)
    if (text.startsWith('{"hello"')) say(own, { id: 1, join: seat.roomId })
    else if (text.includes('"out"')) resolve(Answer.parse(JSON.parse(text)).out.handle)
    else if (text.includes('"error"')) reject(new Error(text))
  })
  say(line, { hello: { token: seat.playerId } })
  const handle = await joined
  const inputs: { [name: string]: number }[] = []
  let seq = 0
  return {
    input(wish) {
      seq++
      inputs.push({ ...wish, fire: 1 })
      if (inputs.length > REPEATS) inputs.shift()
      line.send(codec.encode(handle, { ackTick, seq, inputs, behindTicks: BEHIND_TICKS }), BINARY)
    },
    close: () => line.close(),
  }
}

function say(line: Line, frame: object): void {
  line.send(Buffer.from(JSON.stringify(frame)), TEXT)
}

/** Of @colyseus/shared-types' protocol. */
const COLYSEUS = { join: 10, data: 13, state: 14, patch: 15, codes: 0x1f } as const
const packr = new Packr({ useRecords: false })
/** The type of a message, as a string of msgpack. */
const INPUT = packr.pack('input')

async function joinColyseus(port: number, seat: Seat): Promise<Player> {
  const { promise: joined, resolve } = Promise.withResolvers<void>()
  const line = await openLine(port, seat.path, undefined, (chunk, from, to, own: Line) => {
    const code = (chunk[from] ?? 0) & COLYSEUS.codes
    if (code === COLYSEUS.patch) count(from, to)
    else if (code === COLYSEUS.join) own.send(Buffer.of(COLYSEUS.join), BINARY)
    else if (code === COLYSEUS.state) resolve()
  })
  await joined
  return {
    input: (wish) => line.send(Buffer.concat([Buffer.of(COLYSEUS.data), INPUT, packr.pack(wish)]), BINARY),
    close: () => line.close(),
  }
}

async function joinBare(port: number, seat: Seat): Promise<Player> {
  const line = await openLine(port, seat.path, undefined, (_chunk, from, to) => count(from, to))
  const frame = Buffer.alloc(12)
  return {
    input({ moveX, moveY, aim }) {
      frame.writeFloatBE(moveX, 0)
      frame.writeFloatBE(moveY, 4)
      frame.writeFloatBE(aim, 8)
      line.send(frame, BINARY)
    },
    close: () => line.close(),
  }
}

import { createCipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync } from 'node:crypto'
import type { Row } from '@meydan/contracts/core'
import type { DownFrame, UpFrame } from '@meydan/contracts/socket'
import { ByteWriter, InputCodec, NO_TICK, ViewPlan, writeSnapshot } from '@meydan/contracts/wire'
import { afterEach, describe, expect, test } from 'vitest'
import { type Client, createClient } from './client.ts'
import type { ClosedReason, Room } from './room.ts'
import { makeSeal } from './seal.ts'
import { type FakeServer, fakeServer, JOINED, type Script, welcome } from './server.test-support.ts'

const dots = {
  inputLayout: { moveX: { min: -1, max: 1, step: 0.5 } },
  viewLayout: { dots: { x: { min: 0, max: 100, step: 0.5 } } },
} as const
type DotsRoom = Room<typeof dots.inputLayout, typeof dots.viewLayout>

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const it of open.splice(0).reverse()) await it.close()
})

const takesSeats = (frame: UpFrame): DownFrame | undefined =>
  'join' in frame ? { id: frame.id, out: JOINED } : undefined

async function seated(script: Script = {}): Promise<{ client: Client; server: FakeServer; room: DotsRoom }> {
  const server = await fakeServer({ answer: takesSeats, ...script })
  const client = createClient({ url: server.url, codec: 'json' })
  open.push(server, client)
  await client.connect()
  return { client, server, room: await client.joinRoom(JOINED.roomId, dots) }
}

const plan = new ViewPlan(dots.viewLayout)
const viewOf = (x: number) => plan.collect((out) => out.row('dots', 0, { x }))

/** A snapshot as the engine would send it; with `baseline`, only what changed since that tick. */
function snapshot(tick: number, x: number, baseline?: { tick: number; x: number }): Uint8Array {
  const since = baseline ? { tick: baseline.tick, view: viewOf(baseline.x) } : null
  const writer = new ByteWriter()
  writeSnapshot(writer, plan, JOINED.handle, 0, { tick, view: viewOf(x) }, since)
  return writer.take()
}

const nextTick = (room: DotsRoom): Promise<number> =>
  new Promise((resolve) => room.onSnapshot(({ tick }) => resolve(tick)))

async function inputFrames(server: FakeServer, count: number) {
  const codec = new InputCodec(dots.inputLayout)
  await expect.poll(() => server.roomFrames.length).toBeGreaterThanOrEqual(count)
  return server.roomFrames.map((frame) => codec.decode(frame))
}

describe('a room', () => {
  test('SDK5 snapshots become tables in real units, whole or as a difference', async () => {
    const { server, room } = await seated()
    let next = nextTick(room)
    server.send(snapshot(2, 10))
    expect([await next, room.view.dots.get(0)]).toEqual([2, { x: 10 }])
    next = nextTick(room)
    server.send(snapshot(4, 12.5, { tick: 2, x: 10 }))
    expect([await next, room.view.dots.get(0)]).toEqual([4, { x: 12.5 }])
  })

  test('SDK5 a snapshot that is older than the newest changes nothing', async () => {
    const { server, room } = await seated()
    const ticks: number[] = []
    room.onSnapshot(({ tick }) => ticks.push(tick))
    for (const tick of [4, 2, 6]) server.send(snapshot(tick, tick))
    await expect.poll(() => room.tick).toBe(6)
    expect(ticks).toEqual([4, 6])
  })

  test('SDK6 inputs are numbered, repeated in case one is lost, and acknowledge what was seen', async () => {
    const { server, room } = await seated()
    const next = nextTick(room)
    server.send(snapshot(2, 10))
    await next
    const inputs: Row<typeof dots.inputLayout>[] = [{ moveX: 1 }, { moveX: 0.5 }, { moveX: -7 }, { moveX: 0 }]
    expect(inputs.map((input) => room.send(input))).toEqual([1, 2, 3, 4])
    const frames = await inputFrames(server, 5)
    expect(frames[0]).toEqual({ ackTick: 2, seq: 0, inputs: [] })
    expect(frames.at(-1)).toEqual({ ackTick: 2, seq: 4, inputs: [{ moveX: 0.5 }, { moveX: -1 }, { moveX: 0 }] })
  })

  test('A10 an input says at which tick its player saw the others, once there is something to see', async () => {
    const { server, room } = await seated()
    room.send({ moveX: 1 }, 0)
    const next = nextTick(room)
    server.send(snapshot(20, 10))
    await next
    room.send({ moveX: 1 }, 16.2)
    room.send({ moveX: 1 })
    const frames = (await inputFrames(server, 3)).filter(({ inputs }) => inputs.length > 0)
    expect(frames.map(({ behindTicks }) => behindTicks)).toEqual([undefined, 4, undefined])
  })

  test('SDK6 after a frame that cannot be read a whole view is asked for, and the room goes on', async () => {
    const { server, room } = await seated()
    const next = nextTick(room)
    server.send(snapshot(2, 10))
    await next
    server.send(Uint8Array.of(2, 0, JOINED.handle, 0, 0, 4, 0, 0xff))
    expect((await inputFrames(server, 2)).at(-1)?.ackTick).toBe(NO_TICK)
    const after = nextTick(room)
    server.send(snapshot(6, 20))
    expect(await after).toBe(6)
  })

  test('SDK5 events of the room are heard, and its end closes it', async () => {
    const { client, server, room } = await seated()
    const heard: unknown[] = []
    room.onEvent((event) => heard.push(event))
    const closed = new Promise<ClosedReason>((resolve) => room.onClosed(resolve))
    const tell = (seq: number, event: string, data: object): void =>
      server.send({ seq, event, topic: `room:${JOINED.roomId}`, data })
    tell(1, 'KILL', { type: 'KILL', killer: 0, victim: 1 })
    tell(2, 'ROOM_CLOSED', { reason: 'ended' })
    expect(await closed).toBe('ended')
    expect(heard).toEqual([{ type: 'KILL', killer: 0, victim: 1 }])
    room.send({ moveX: 1 })
    expect(client.state).toBe('open')
  })

  test('SDK5 what comes in one packet with the answer to a join is heard: events by the first listener, the end by every one', async () => {
    const topic = `room:${JOINED.roomId}`
    const { room } = await seated({
      answer: (frame, server) => {
        if (!('join' in frame)) return undefined
        server.sendTogether([
          { id: frame.id, out: JOINED },
          { seq: 1, event: 'GOAL', topic, data: { type: 'GOAL', seat: 1 } },
          { seq: 2, event: 'ROOM_CLOSED', topic, data: { reason: 'ended' } },
        ])
        return undefined
      },
    })
    const event = new Promise((resolve) => room.onEvent(resolve))
    const closed = new Promise((resolve) => room.onClosed(resolve))
    expect([await event, await closed]).toEqual([{ type: 'GOAL', seat: 1 }, 'ended'])
  })

  test('A8 after a lost session the seat is taken again, and play goes on from a whole view', async () => {
    let sessions = 0
    const { server, room } = await seated({ greet: () => welcome(`s${++sessions}`) })
    const first = nextTick(room)
    server.send(snapshot(200, 10))
    await first
    room.send({ moveX: 1 })
    const lines: boolean[] = []
    room.onRejoined(() => lines.push(room.isOpen))
    expect(room.isOpen).toBe(true)
    server.cut()
    await expect.poll(() => room.isOpen).toBe(false)
    const joins = () => server.frames.filter((frame) => 'join' in frame).length
    await expect.poll(joins).toBe(2)
    await expect.poll(() => lines).toEqual([true])
    // The new session's room may be behind what was seen: a takeover goes on from a snapshot a second old.
    const again = nextTick(room)
    server.send(snapshot(150, 8))
    expect(await again).toBe(150)
    expect(room.send({ moveX: 0 })).toBe(1)
  })

  test('B1 A8 after a lost session the room tells what came after the last event that was heard, and each is heard once', async () => {
    const topic = `room:${JOINED.roomId}`
    const goal = (seq: number) => ({ seq, event: 'GOAL', topic, data: { type: 'GOAL', seq } })
    let sessions = 0
    const { server, room } = await seated({
      greet: () => welcome(`s${++sessions}`),
      answer: (frame, server) => {
        if (!('join' in frame)) return undefined
        // A gateway that heard of the loss late tells the last one twice.
        if (frame.after !== undefined) server.sendTogether([goal(3_000), goal(4_000)])
        return { id: frame.id, out: JOINED }
      },
    })
    const heard: unknown[] = []
    room.onEvent(({ seq }) => heard.push(seq))
    for (const seq of [2_000, 3_000]) server.send(goal(seq))
    await expect.poll(() => heard).toEqual([2_000, 3_000])
    server.cut()
    await expect.poll(() => heard).toEqual([2_000, 3_000, 4_000])
    expect(server.frames.findLast((frame) => 'join' in frame)).toMatchObject({ after: 3_000 })
  })

  test('A8 a seat in a room that is just changing hands is asked for again', async () => {
    let joins = 0
    const { server, room } = await seated({
      greet: () => welcome(`s${joins}`),
      answer: (frame) => {
        if (!('join' in frame)) return undefined
        return ++joins === 2
          ? { id: frame.id, error: { code: 'ROOM_MOVING', message: 'wait' } }
          : { id: frame.id, out: JOINED }
      },
    })
    const rejoined = new Promise<void>((resolve) => room.onRejoined(resolve))
    server.cut()
    await rejoined
    expect([joins, room.isClosed]).toEqual([3, false])
  })

  test('A4 a seat that is gone when the session was lost closes the room', async () => {
    let joins = 0
    const { server, room } = await seated({
      greet: () => welcome(`s${joins}`),
      answer: (frame) => {
        if (!('join' in frame)) return undefined
        return joins++ === 0
          ? { id: frame.id, out: JOINED }
          : { id: frame.id, error: { code: 'ROOM_GONE', message: 'over' } }
      },
    })
    const closed = new Promise<ClosedReason>((resolve) => room.onClosed(resolve))
    server.cut()
    expect(await closed).toBe('lost')
  })
})

describe('a room that is watched', () => {
  const watched: DownFrame = { id: 0, out: { ...JOINED, seat: null } }

  async function watching(script: Script = {}) {
    const letsWatch = (frame: UpFrame): DownFrame | undefined => {
      if ('spectate' in frame) return { ...watched, id: frame.id }
      return 'part' in frame ? { id: frame.id, out: {} } : undefined
    }
    const server = await fakeServer({ answer: letsWatch, ...script })
    const client = createClient({ url: server.url, codec: 'json' })
    open.push(server, client)
    await client.connect()
    return { server, room: await client.watchRoom(JOINED.roomId, dots) }
  }

  test('B18 shows views and tells events as one with a seat in it does', async () => {
    const { server, room } = await watching()
    const heard = new Promise((resolve) => room.onEvent(resolve))
    const next = new Promise((resolve) => room.onSnapshot(({ tick }) => resolve(tick)))
    server.send(snapshot(2, 10))
    server.send({ seq: 1, event: 'GOAL', topic: `room:${JOINED.roomId}`, data: { type: 'GOAL', seat: 1 } })
    expect([await next, await heard]).toEqual([2, { type: 'GOAL', seat: 1 }])
    expect([room.joined.seat, room.isWatching, room.view.dots.get(0)]).toEqual([null, true, { x: 10 }])
  })

  test('B19 acknowledges what was seen, and sends no inputs', async () => {
    const { server, room } = await watching()
    room.send({ moveX: 1 })
    const next = new Promise((resolve) => room.onSnapshot(resolve))
    server.send(snapshot(2, 10))
    await next
    expect(await inputFrames(server, 1)).toEqual([{ ackTick: 2, seq: 0, inputs: [] }])
  })

  test('B18 leaving it tells the server and closes it, without giving up anything', async () => {
    const { server, room } = await watching()
    const closed = new Promise<ClosedReason>((resolve) => room.onClosed(resolve))
    await room.leave()
    expect(await closed).toBe('left')
    expect(server.frames.filter((frame) => 'part' in frame || 'call' in frame)).toMatchObject([{ part: JOINED.handle }])
  })

  test('SDK5 after a lost session it is watched again, without asking for a seat', async () => {
    let sessions = 0
    const { server, room } = await watching({ greet: () => welcome(`s${++sessions}`) })
    server.cut()
    await expect.poll(() => server.frames.filter((frame) => 'spectate' in frame).length).toBe(2)
    expect(server.frames.some((frame) => 'join' in frame)).toBe(false)
    const again = new Promise((resolve) => room.onSnapshot(({ tick }) => resolve(tick)))
    server.send(snapshot(4, 10))
    expect(await again).toBe(4)
  })

  test('SDK1 a refusal is a fault with its code and status', async () => {
    const refuse = (code: string) => ({
      answer: (frame: UpFrame) => ('spectate' in frame ? { id: frame.id, error: { code, message: 'no' } } : undefined),
    })
    await expect(watching(refuse('AUDIENCE_FULL'))).rejects.toMatchObject({ code: 'AUDIENCE_FULL', status: 409 })
    await expect(watching(refuse('SEATED'))).rejects.toMatchObject({ code: 'SEATED', status: 409 })
  })
})

describe('a sealed answer', () => {
  /** As the protocol says it, byte by byte, with nothing of the gateway's or the SDK's own. */
  function sealFor(header: string, plain: string): Uint8Array<ArrayBuffer> {
    const clientKey = Buffer.from(header, 'base64url')
    const { privateKey, publicKey } = generateKeyPairSync('x25519')
    const serverKey = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
    const theirs = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: header }, format: 'jwk' })
    const salt = Buffer.concat([clientKey, serverKey])
    const shared = diffieHellman({ privateKey, publicKey: theirs })
    const key = Buffer.from(hkdfSync('sha256', shared, salt, 'meydan seal v1', 32))
    const nonce = Buffer.alloc(12, 7)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    const sealed = [cipher.update(plain), cipher.final(), cipher.getAuthTag()]
    return new Uint8Array(Buffer.concat([Buffer.of(1), serverKey, nonce, ...sealed]))
  }

  test('B2 only the client that asked can open it', async () => {
    const seal = await makeSeal()
    const other = await makeSeal()
    const answer = sealFor(seal.header, '{"gold":7}')
    expect(new TextDecoder().decode(await seal.open(answer))).toBe('{"gold":7}')
    await expect(other.open(answer)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('B2 a changed or cut answer is refused', async () => {
    const seal = await makeSeal()
    const answer = sealFor(seal.header, '{"gold":7}')
    for (const at of [0, 5, 40, answer.length - 1]) {
      const changed = answer.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(seal.open(changed)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    }
    await expect(seal.open(answer.slice(0, 50))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})

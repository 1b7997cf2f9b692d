import { setImmediate } from 'node:timers/promises'
import { SharedFrame } from '@meydan/realtime/hub'
import { pack, unpack } from 'msgpackr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BACKLOG_CLOSE_BYTES, BACKLOG_DROP_BYTES } from '../socket/connection.ts'
import { TURN_WRITES_MAX, WriteTurn } from '../socket/writer.ts'
import { openTestGateway, Peer, type TestGateway } from './edge.ts'
import { type OpenLine, openLine, turnEnd } from './line.ts'

const FIN_TEXT = 0x81
const FIN_BINARY = 0x82
const FIN_CLOSE = 0x88
const FIN_PING = 0x89

const event = (text: string) => new SharedFrame({ seq: 1, event: 'NEWS', topic: 'user:1', data: { text } }, 0)
const dataOf = (payload: Buffer): unknown => JSON.parse(payload.toString()).data
const closeCodeOf = ({ line }: OpenLine): number | undefined => {
  const last = line.frames().at(-1)
  return last?.first === FIN_CLOSE ? last.payload.readUInt16BE(0) : undefined
}

describe('what a connection writes', () => {
  test('H3 one buffer is what every socket of a codec is given, whatever their number', async () => {
    const lines = [openLine(), openLine(), openLine()]
    const frame = event('the same')
    for (const { connection } of lines) connection.event(frame)
    await turnEnd()
    const [first, ...others] = lines.map(({ line }) => line.writes[1])
    expect(others.every((buffer) => buffer === first)).toBe(true)
  })

  test('H3 all frames of one turn leave in one write, in order', async () => {
    const { line, connection } = openLine()
    for (const text of ['a', 'b', 'c']) connection.event(event(text))
    connection.room(Uint8Array.of(2, 0, 1, 9))
    connection.answer(7, 'done')
    await turnEnd()
    expect(line.writes).toHaveLength(2)
    expect(line.frames().map(({ first }) => first)).toEqual([FIN_TEXT, FIN_TEXT, FIN_TEXT, FIN_BINARY, FIN_TEXT])
    connection.event(event('next turn'))
    await turnEnd()
    expect(line.writes).toHaveLength(3)
  })

  test('H3 of an event for many sockets so many are written a turn, and answers do not wait for them', async () => {
    const turn = new WriteTurn()
    const lines = Array.from({ length: 3 * TURN_WRITES_MAX }, () => openLine('meydan.v2.json', turn))
    const written = () => lines.filter(({ line }) => line.writes.length > 1).length
    const frame = event('for all')
    for (const { connection } of lines) connection.event(frame)
    lines.at(-1)?.connection.answer(7, 'done')
    await setImmediate()
    expect(written()).toBe(TURN_WRITES_MAX + 1)
    expect(
      lines
        .at(-1)
        ?.line.frames()
        .map(({ payload }) => JSON.parse(payload.toString())),
    ).toMatchObject([{ event: 'NEWS' }, { id: 7, out: 'done' }])
    await setImmediate()
    expect(written()).toBe(2 * TURN_WRITES_MAX + 1)
    await setImmediate()
    expect(written()).toBe(lines.length)
  })

  test('H3 frames of ws itself keep their place among ours, and nothing follows the close frame (RFC 6455 §5.5.1)', async () => {
    const { line, connection } = openLine()
    connection.event(event('before the ping'))
    connection.ping()
    connection.event(event('after it'))
    connection.close(4009, 'stopping')
    connection.event(event('too late'))
    connection.room(Uint8Array.of(2, 0, 1, 9))
    await turnEnd()
    connection.event(event('far too late'))
    await turnEnd()
    const frames = line.frames()
    expect(frames.map(({ first }) => first)).toEqual([FIN_TEXT, FIN_PING, FIN_TEXT, FIN_CLOSE])
    expect(frames.flatMap(({ first, payload }) => (first === FIN_TEXT ? [dataOf(payload)] : []))).toEqual([
      { text: 'before the ping' },
      { text: 'after it' },
    ])
  })

  test('H3 ws keeps no queue of its own that our frames could overtake: what it sends is in the stream at once', () => {
    const { line, socket } = openLine()
    line.stall()
    socket.ping('first')
    const waiting = line.writableLength
    socket.ping('second')
    expect([waiting > 0, line.writableLength - waiting]).toEqual([true, 'second'.length + 2])
    expect(socket.bufferedAmount).toBe(line.writableLength)
    expect(socket.extensions).toBe('')
  })
})

describe('S20 a slow reader', () => {
  test('a burst within one turn does not make a fast reader a slow one', async () => {
    const { line, connection } = openLine()
    const text = 'x'.repeat(10_000)
    for (let index = 0; index < 300; index++) connection.event(event(text))
    await turnEnd()
    expect(line.frames()).toHaveLength(300)
    expect(connection.isOpen).toBe(true)
  })

  test('loses room frames first, and gets them again when it has caught up', async () => {
    const { line, connection } = openLine()
    line.stall()
    const frame = new Uint8Array(10_000).fill(2)
    for (let index = 0; index < 500; index++) connection.room(frame)
    connection.event(event('reliable'))
    expect(line.writableLength).toBeLessThan(BACKLOG_DROP_BYTES + 2 * frame.length)
    line.go()
    await turnEnd()
    expect(connection.isOpen).toBe(true)
    expect(dataOf(line.frames().at(-1)?.payload ?? Buffer.alloc(0))).toEqual({ text: 'reliable' })
    const before = line.frames().length
    connection.room(frame)
    await turnEnd()
    expect(line.frames()).toHaveLength(before + 1)
  })

  test('is closed with 4008 beyond 1 MiB; what waits for it never grows past that, and is let go if it does not read on', async () => {
    const slow = openLine()
    const other = openLine()
    slow.line.stall()
    let unsentMax = 0
    const text = 'x'.repeat(10_000)
    for (let index = 0; index < 1_000; index++) {
      const frame = event(text)
      for (const { connection } of [slow, other]) connection.event(frame)
      unsentMax = Math.max(unsentMax, slow.line.writableLength)
    }
    await turnEnd()
    expect(unsentMax).toBeLessThan(BACKLOG_CLOSE_BYTES + 2 * text.length)
    expect(other.line.frames()).toHaveLength(1_000)
    expect(slow.connection.isOpen).toBe(false)
    await expect.poll(() => slow.line.destroyed, { timeout: 4_000 }).toBe(true)
    expect(other.line.destroyed).toBe(false)
  })

  test('that reads on in time is told 4008', async () => {
    const slow = openLine()
    slow.line.stall()
    const text = 'x'.repeat(10_000)
    for (let index = 0; index < 200; index++) slow.connection.event(event(text))
    slow.line.go()
    await turnEnd()
    expect(closeCodeOf(slow)).toBe(4008)
  })
})

describe('over a real socket', () => {
  let at: TestGateway
  beforeAll(async () => {
    at = await openTestGateway()
  })
  afterAll(() => at.gateway.close())

  test('H3 compression is never agreed on: a compressed frame would not be ours', async () => {
    const offering = await Peer.open(at.url)
    expect(offering.socket.extensions).toBe('')
    offering.socket.close()
  })

  /** Around each length header of RFC 6455 §5.2: in 7 bits, in 16, in 64. */
  const LENGTHS = [1, 125, 126, 127, 65_535, 65_536, 70_000]

  test('B1 room frames of every length header arrive as they were', async () => {
    const peer = await Peer.open(at.url, { hello: { token: 'token-40' } })
    await peer.ask({ id: 1, join: '7' })
    const sent = LENGTHS.map((length) => new Uint8Array(length).map((_, index) => (index * 7) % 251))
    for (const frame of sent) at.sink()?.frame(frame)
    await expect.poll(() => peer.binary.length).toBe(LENGTHS.length)
    expect(peer.binary.map((frame) => Buffer.compare(frame, sent.shift() ?? new Uint8Array()))).toEqual(
      LENGTHS.map(() => 0),
    )
    peer.socket.close()
  })

  test('S10 both codecs are given the same data, whatever the length and the alphabet', async () => {
    const asJson = await Peer.open(at.url, { hello: { token: 'token-41' } })
    const asPacked = new Peer(at.url, 'meydan.v2.msgpack')
    await new Promise((resolve) => asPacked.socket.on('open', resolve))
    asPacked.socket.send(pack({ hello: { token: 'token-41' } }))
    await expect.poll(() => asPacked.binary.length).toBe(1)
    const texts = ['', 'ığüşöç 🎲', ...LENGTHS.map((length) => 'é'.repeat(length))]
    for (const text of texts) await at.topics.publish('user:41', 'NEWS', { text })
    await expect.poll(() => asPacked.binary.length).toBe(1 + texts.length)
    for (const [index, text] of texts.entries()) {
      const frame = await asJson.next(({ event }) => event === 'NEWS')
      expect(frame).toMatchObject({ data: { text } })
      expect(unpack(asPacked.binary[index + 1] ?? Buffer.alloc(0))).toEqual(frame)
    }
    asPacked.socket.close()
    asJson.socket.close()
  })
})

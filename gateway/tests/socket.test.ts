import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openTestGateway, Peer, SLOW_TOKEN_MS, type TestGateway } from './edge.ts'

let at: TestGateway
beforeAll(async () => {
  at = await openTestGateway()
})
afterAll(() => at.gateway.close())

const errorOf = (frame: Record<string, unknown>) => frame.error

describe('beginning', () => {
  test('S1 without one of our subprotocols the upgrade is refused with a sentence', async () => {
    const status = await new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(`${at.url.replace('http', 'ws')}/v1/socket`, 'something.else')
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.on('error', () => undefined)
    })
    expect(status).toBe(400)
  })

  test('S2 a first frame that is no greeting ends the connection with 4000', async () => {
    const peer = new Peer(at.url)
    peer.socket.on('open', () => peer.send({ ping: 1 }))
    expect(await peer.closed).toBe(4000)
  })

  test('S3 a forged or expired token ends it with 4001 and says why', async () => {
    for (const token of ['nonsense', 'expired-3']) {
      const peer = new Peer(at.url)
      peer.socket.on('open', () => peer.send({ hello: { token } }))
      expect(await peer.next((frame) => 'error' in frame)).toMatchObject({ error: { code: 'UNAUTHENTICATED' } })
      expect(await peer.closed).toBe(4001)
    }
  })
})

describe('calls', () => {
  test('S5 a call is answered under its id; unknown and service calls do not exist', async () => {
    const peer = await Peer.open(at.url)
    expect(await peer.ask({ id: 1, call: 'echo.say', in: { name: 'a', text: 'hi', times: 2 } })).toEqual({
      id: 1,
      out: { said: 'hihi' },
    })
    for (const call of ['echo.nope', 'nope.say', 'echo.secret']) {
      expect(errorOf(await peer.ask({ id: 2, call }))).toMatchObject({ code: 'UNKNOWN_CALL' })
    }
    peer.socket.close()
  })

  test('S6 a bad input names its field', async () => {
    const peer = await Peer.open(at.url)
    const answer = await peer.ask({ id: 1, call: 'echo.say', in: { name: 'a', text: 5 } })
    expect(answer).toMatchObject({ error: { code: 'INVALID_INPUT', details: { field: 'text' } } })
    peer.socket.close()
  })

  test('S7 an id that is open already is refused, and the first call is answered', async () => {
    const peer = await Peer.open(at.url)
    peer.send({ id: 4, call: 'echo.slow', in: { ms: 200 } })
    peer.send({ id: 4, call: 'echo.slow', in: { ms: 1 } })
    expect(await peer.next(({ id }) => id === 4)).toMatchObject({ error: { code: 'CONFLICT' } })
    expect(await peer.next(({ id }) => id === 4)).toMatchObject({ out: {} })
    peer.socket.close()
  })

  test('S8 a token that expires during the session must be renewed, for the same player', async () => {
    const peer = await Peer.open(at.url, { hello: { token: 'brief-5' } })
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(await peer.ask({ id: 1, call: 'echo.who' })).toMatchObject({
      error: { code: 'UNAUTHENTICATED', details: { reason: 'expired' } },
    })
    expect(await peer.ask({ id: 2, renew: { token: 'token-6' } })).toMatchObject({ error: { code: 'FORBIDDEN' } })
    expect(await peer.ask({ id: 3, renew: { token: 'token-5' } })).toMatchObject({ out: {} })
    expect(await peer.ask({ id: 4, call: 'echo.who' })).toMatchObject({ out: { playerId: '5' } })
    peer.socket.close()
  })
})

describe('events and resume', () => {
  test("S10 a player's own topic is watched from the start, with its own sequence", async () => {
    const peer = await Peer.open(at.url, { hello: { token: 'token-20' } })
    for (const n of [1, 2]) await at.topics.publish('user:20', 'NEWS', { n })
    const first = await peer.next(({ event }) => event === 'NEWS')
    const second = await peer.next(({ event }) => event === 'NEWS')
    expect(first).toMatchObject({ topic: 'user:20', data: { n: 1 } })
    expect(second.seq).toBe(Number(first.seq) + 1)
    peer.socket.close()
  })

  test('S11 a resume takes over the session and replays what was missed exactly once; the connection before is closed with 4004', async () => {
    const first = new Peer(at.url)
    first.socket.on('open', () => first.send({ hello: { token: 'token-21' } }))
    const { hello } = (await first.next((frame) => 'hello' in frame)) as { hello: { session: string } }
    await at.topics.publish('user:21', 'NEWS', { n: 1 })
    await first.next(({ event }) => event === 'NEWS')
    const second = new Peer(at.url)
    second.socket.on('open', () => second.send({ resume: { session: hello.session, seq: 1, token: 'token-21' } }))
    expect(await second.next((frame) => 'hello' in frame)).toMatchObject({
      hello: { resumed: true, session: hello.session },
    })
    expect(await first.closed).toBe(4004)
    second.socket.terminate()
    await second.closed
    for (const n of [2, 3]) await at.topics.publish('user:21', 'NEWS', { n })
    const third = new Peer(at.url)
    third.socket.on('open', () => third.send({ resume: { session: hello.session, seq: 1, token: 'token-21' } }))
    await third.next((frame) => 'hello' in frame)
    const replayed = [
      await third.next(({ event }) => event === 'NEWS'),
      await third.next(({ event }) => event === 'NEWS'),
    ]
    expect(replayed.map(({ data }) => data)).toEqual([{ n: 2 }, { n: 3 }])
    await at.topics.publish('user:21', 'NEWS', { n: 4 })
    expect((await third.next(({ event }) => event === 'NEWS')).data).toEqual({ n: 4 })
    expect(third.frames.filter(({ event }) => event === 'NEWS')).toEqual([])
    third.socket.close()
  })

  test('S11 a session cannot be resumed by somebody else, nor from the future', async () => {
    const owner = new Peer(at.url)
    owner.socket.on('open', () => owner.send({ hello: { token: 'token-22' } }))
    const { hello } = (await owner.next((frame) => 'hello' in frame)) as { hello: { session: string } }
    const thief = new Peer(at.url)
    thief.socket.on('open', () => thief.send({ resume: { session: hello.session, seq: 0, token: 'token-23' } }))
    expect(await thief.closed).toBe(4001)
    const dreamer = new Peer(at.url)
    dreamer.socket.on('open', () => dreamer.send({ resume: { session: hello.session, seq: 99, token: 'token-22' } }))
    expect(await dreamer.next((frame) => 'hello' in frame)).toMatchObject({ hello: { resumed: false } })
    owner.socket.close()
    dreamer.socket.close()
  })

  test('S11 a resume that hung up before it was answered leaves the session to the connection that lives', async () => {
    const living = new Peer(at.url)
    living.socket.on('open', () => living.send({ hello: { token: 'token-26' } }))
    const { hello } = (await living.next((frame) => 'hello' in frame)) as { hello: { session: string } }
    const hasty = new Peer(at.url)
    hasty.socket.on('open', () => {
      hasty.send({ resume: { session: hello.session, seq: 0, token: 'slow-26' } })
      hasty.socket.close()
    })
    await hasty.closed
    await new Promise((resolve) => setTimeout(resolve, 2 * SLOW_TOKEN_MS))
    await at.topics.publish('user:26', 'NEWS', { n: 1 })
    expect(await living.next(({ event }) => event === 'NEWS')).toMatchObject({ data: { n: 1 } })
    living.socket.close()
  })

  test("S11 a session that began without a token hears its player's events once it is resumed with one", async () => {
    const first = new Peer(at.url)
    first.socket.on('open', () => first.send({ hello: {} }))
    const { hello } = (await first.next((frame) => 'hello' in frame)) as { hello: { session: string } }
    first.socket.close()
    await first.closed
    const second = await Peer.open(at.url, { resume: { session: hello.session, seq: 0, token: 'token-27' } })
    await second.ask({ id: 1, call: 'echo.who' })
    await at.topics.publish('user:27', 'NEWS', { n: 1 })
    expect(await second.next(({ event }) => event === 'NEWS')).toMatchObject({ data: { n: 1 } })
    second.socket.close()
  })

  test('S9 a session whose account session was ended cannot be resumed, with its id or without a token', async () => {
    const peer = new Peer(at.url)
    peer.socket.on('open', () => peer.send({ hello: { token: 'token-28' } }))
    const { hello } = (await peer.next((frame) => 'hello' in frame)) as { hello: { session: string } }
    await at.topics.publish('user:28', 'SESSION_REVOKED', { sessionId: '928', reason: 'logout' })
    expect(await peer.closed).toBe(4005)
    const thief = new Peer(at.url)
    thief.socket.on('open', () => thief.send({ resume: { session: hello.session, seq: 0 } }))
    expect(await thief.next((frame) => 'hello' in frame)).toMatchObject({ hello: { resumed: false, playerId: null } })
    thief.socket.close()
  })

  /** A resume of a session that this gateway never had, from these numbers. */
  const goOn = (token: string, topics: Record<string, unknown>): Peer => {
    const peer = new Peer(at.url)
    peer.socket.on('open', () => peer.send({ resume: { session: 'begun-elsewhere', seq: 5, topics, token } }))
    return peer
  }
  /** Where the player's own topic is, as a session is told that begins. */
  const numberOf = async (player: number): Promise<number> => {
    const peer = new Peer(at.url)
    peer.socket.on('open', () => peer.send({ hello: { token: `token-${player}` } }))
    const { hello } = (await peer.next((frame) => 'hello' in frame)) as { hello: { topics: Record<string, number> } }
    peer.socket.close()
    return hello.topics[`user:${player}`] ?? Number.NaN
  }

  test('S15 a session that another gateway began goes on where its client is: what was missed follows once, and then what comes', async () => {
    const seq = await numberOf(40)
    for (const n of [1, 2]) await at.topics.publish('user:40', 'NEWS', { n })
    const peer = goOn('token-40', { 'user:40': seq })
    expect(await peer.next((frame) => 'hello' in frame)).toMatchObject({ hello: { resumed: true, playerId: '40' } })
    await at.topics.publish('user:40', 'NEWS', { n: 3 })
    for (const n of [1, 2, 3]) {
      expect(await peer.next(({ event }) => event === 'NEWS')).toMatchObject({ seq: seq + n, data: { n } })
    }
    peer.socket.close()
  })

  test('S15 where not all is kept, and for topics that are not the player’s, a new session begins that tells where they are', async () => {
    const seq = await numberOf(42)
    const refused = [
      { 'user:42': seq - 1 },
      { 'user:42': seq + 1 },
      { 'user:43': 0 },
      { 'user:42': seq, 'user:43': 0 },
      {},
    ]
    for (const topics of refused) {
      const peer = goOn('token-42', topics)
      expect(await peer.next((frame) => 'hello' in frame)).toMatchObject({
        hello: { resumed: false, topics: { 'user:42': seq } },
      })
      peer.socket.close()
    }
  })

  test('S15 more topics than a session may watch are a bad frame', async () => {
    const topics = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`user:${n}`, n]))
    const peer = goOn('token-44', topics)
    expect(await peer.next((frame) => 'error' in frame)).toMatchObject({
      error: { code: 'INVALID_INPUT', details: { field: 'resume.topics' } },
    })
    peer.socket.close()
  })

  test('S9 whose account session was ended between two gateways is told so at the second', async () => {
    const seq = await numberOf(41)
    await at.topics.publish('user:41', 'SESSION_REVOKED', { sessionId: '941', reason: 'logout' })
    expect(await goOn('token-41', { 'user:41': seq }).closed).toBe(4005)
  })

  test("S9 watching somebody else's topic is refused, and an ended account session closes its socket with 4005", async () => {
    const peer = await Peer.open(at.url, { hello: { token: 'token-24' } })
    expect(await peer.ask({ id: 1, watch: 'user:25' })).toMatchObject({ error: { code: 'FORBIDDEN' } })
    await at.topics.publish('user:24', 'SESSION_REVOKED', { sessionId: '924', reason: 'logout' })
    expect(await peer.closed).toBe(4005)
  })

  test('D2 every player may watch a lobby of the crash game, and nobody who has not signed in', async () => {
    const [player, nobody] = [await Peer.open(at.url, { hello: { token: 'token-26' } }), await Peer.open(at.url)]
    for (const watch of ['crash:1', 'crash:1-ticks']) {
      expect(await player.ask({ id: 1, watch })).toHaveProperty(['out', 'topics', watch])
      expect(await nobody.ask({ id: 1, watch })).toMatchObject({ error: { code: 'FORBIDDEN' } })
    }
  })
})

describe('bad frames', () => {
  test('S12 each gets one error, and a burst of them ends the connection with 4002', async () => {
    const peer = await Peer.open(at.url)
    peer.socket.send('{half')
    expect(await peer.next((frame) => 'error' in frame)).toMatchObject({ error: { code: 'INVALID_INPUT' } })
    expect(await peer.ask({ id: 9, call: 7 })).toMatchObject({
      id: 9,
      error: { code: 'INVALID_INPUT', details: { field: 'call' } },
    })
    for (let index = 0; index < 40; index++) peer.socket.send('[]')
    expect(await peer.closed).toBe(4002)
  })

  test('S12 binary garbage, deep nesting and floods harm nobody else', async () => {
    const bystander = await Peer.open(at.url)
    const attacker = await Peer.open(at.url)
    attacker.socket.send(Buffer.from([0xc1, 0xff, 0x00]))
    attacker.socket.send(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)
    for (let index = 0; index < 2_000; index++) attacker.send({ ping: index })
    await attacker.closed
    expect(await bystander.ask({ id: 1, call: 'echo.say', in: { name: 'a', text: 'ok' } })).toMatchObject({
      out: { said: 'ok' },
    })
    bystander.socket.close()
  })

  test('S13 a frame larger than 64 KiB ends the connection with 1009', async () => {
    const peer = await Peer.open(at.url)
    peer.socket.send('x'.repeat(70_000))
    expect(await peer.closed).toBe(1009)
  })
})

describe('rooms', () => {
  test('B1 frames of a joined room go both ways by handle; those of other rooms are dropped', async () => {
    const peer = await Peer.open(at.url, { hello: { token: 'token-30' } })
    expect(await peer.ask({ id: 1, join: '8' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await peer.ask({ id: 2, join: '7' })).toMatchObject({ out: { handle: 2, seat: 0 } })
    peer.socket.send(Buffer.from([1, 0, 2, 42]))
    peer.socket.send(Buffer.from([1, 9, 9, 43]))
    at.sink()?.frame(Uint8Array.of(2, 2, 1, 5))
    await expect.poll(() => [at.inputs.length, peer.binary.length]).toEqual([1, 1])
    expect([...(at.inputs[0] ?? [])]).toEqual([1, 0, 2, 42])
    // Handles are the session's: those of rooms in several processes would collide.
    expect([...(peer.binary[0] ?? [])]).toEqual([2, 0, 2, 5])
    at.sink()?.event({ type: 'KILL', killer: 1 }, 7_000)
    const killed = { topic: 'room:7', seq: 7_000, data: { killer: 1 } }
    expect(await peer.next(({ event }) => event === 'KILL')).toMatchObject(killed)
    at.sink()?.closed('ended')
    const ended = { seq: 7_001, data: { reason: 'ended' } }
    expect(await peer.next(({ event }) => event === 'ROOM_CLOSED')).toMatchObject(ended)
    peer.socket.close()
  })

  test('B18 B19 a room can be watched without a seat: frames and events come, acknowledgements go, inputs are refused', async () => {
    const nobody = await Peer.open(at.url, { hello: {} })
    expect(await nobody.ask({ id: 1, spectate: '7' })).toMatchObject({ error: { code: 'UNAUTHENTICATED' } })
    nobody.socket.close()
    const peer = await Peer.open(at.url, { hello: { token: 'token-32' } })
    expect(await peer.ask({ id: 1, spectate: '8' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await peer.ask({ id: 2, spectate: 'seven' })).toMatchObject({
      error: { code: 'INVALID_INPUT', details: { field: 'spectate' } },
    })
    expect(await peer.ask({ id: 3, spectate: '7' })).toMatchObject({ out: { handle: 2, seat: null } })
    at.sink()?.frame(Uint8Array.of(2, 2, 1, 5))
    at.sink()?.event({ type: 'KILL', killer: 1 }, 7_000)
    expect(await peer.next(({ event }) => event === 'KILL')).toMatchObject({ topic: 'room:7', data: { killer: 1 } })
    expect(peer.binary.length).toBe(1)
    const inputsBefore = at.inputs.length
    peer.socket.send(Buffer.from([1, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0]))
    await expect.poll(() => at.inputs.length).toBe(inputsBefore + 1)
    peer.socket.send(Buffer.from([1, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 4]))
    expect(await peer.next(({ error }) => error !== undefined)).toMatchObject({ error: { code: 'WATCHING_ONLY' } })
    const detachedBefore = at.detached.count
    expect(await peer.ask({ id: 4, part: 2 })).toMatchObject({ out: {} })
    expect([at.inputs.length, at.detached.count]).toEqual([inputsBefore + 1, detachedBefore + 1])
    peer.socket.close()
  })

  test('B18 S11 what was watched goes on after a resume, on the new connection', async () => {
    const first = new Peer(at.url)
    first.socket.on('open', () => first.send({ hello: { token: 'token-33' } }))
    const { hello } = (await first.next((frame) => 'hello' in frame)) as { hello: { session: string } }
    await first.ask({ id: 1, spectate: '7' })
    first.socket.terminate()
    await first.closed
    at.sink()?.event({ type: 'KILL', killer: 2 }, 7_000)
    const second = await Peer.open(at.url, { resume: { session: hello.session, seq: 0, token: 'token-33' } })
    expect(await second.next(({ event }) => event === 'KILL')).toMatchObject({ data: { killer: 2 } })
    at.sink()?.frame(Uint8Array.of(2, 2, 1, 5))
    await expect.poll(() => second.binary.length).toBe(1)
    second.socket.close()
  })

  test('S20 a reader that stops reading loses its connection with 4008, and nobody else anything', async () => {
    const slow = await Peer.open(at.url, { hello: { token: 'token-31' } })
    const other = await Peer.open(at.url, { hello: { token: 'token-31' } })
    slow.socket.pause()
    const text = 'x'.repeat(60_000)
    for (let n = 0; n < 400; n++) {
      await at.topics.publish('user:31', 'NEWS', { n, text })
      // The other reads on meanwhile.
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await expect.poll(() => other.frames.length).toBe(400)
    expect(other.frames).toMatchObject(Array.from({ length: 400 }, (_, n) => ({ data: { n } })))
    slow.socket.resume()
    expect(await slow.closed).toBe(4008)
    expect(other.socket.readyState).toBe(WebSocket.OPEN)
    other.socket.close()
  })
})

test('S14 a server that stops says 4009, so that clients resume elsewhere', async () => {
  const own = await openTestGateway()
  const peer = await Peer.open(own.url)
  await own.gateway.drain(1_000)
  expect(await peer.closed).toBe(4009)
  await own.gateway.close()
})

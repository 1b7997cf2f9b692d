import type { Fault } from '@meydan/contracts/core'
import type { UpFrame } from '@meydan/contracts/socket'
import { afterEach, describe, expect, test } from 'vitest'
import { type ClientOptions, createClient } from './client.ts'
import { type FakeServer, fakeServer, helloOf, type Script, TOKENS, welcome } from './server.test-support.ts'
import type { State } from './socket.ts'
import { memoryStorage, type Storage } from './storage.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const it of open.splice(0).reverse()) await it.close()
})

async function setUp(script: Script = {}, options: Partial<ClientOptions> = {}) {
  const server = await fakeServer(script)
  const client = createClient({ url: server.url, codec: 'json', storage: signedIn(), ...options })
  open.push(server, client)
  return { server, client }
}

function signedIn(tokens: Partial<typeof TOKENS> = {}): Storage {
  const storage = memoryStorage()
  storage.set('meydan.session', JSON.stringify({ tokens: { ...TOKENS, ...tokens } }))
  return storage
}

function until(
  client: { readonly state: State; onState(listener: (state: State) => void): () => void },
  wanted: State,
) {
  return new Promise<void>((resolve) => {
    if (client.state === wanted) return resolve()
    const off = client.onState((state) => {
      if (state !== wanted) return
      off()
      resolve()
    })
  })
}

const isResume = (frame: UpFrame): frame is Extract<UpFrame, { resume: unknown }> => 'resume' in frame
const isRenew = (frame: UpFrame): frame is Extract<UpFrame, { renew: unknown }> => 'renew' in frame
const soon = { accessExpiresAt: new Date(Date.now() + 5_000).toISOString() }
const event = (seq: number) => ({ seq, event: 'TOLD', topic: 'user:7', data: { seq } })

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  return work.then(
    () => Promise.reject(new Error('it went well')),
    (error: Fault) => error,
  )
}

describe('calls', () => {
  test('SDK1 a call goes over REST without a socket, with fields in path, query or body, and over the socket when it is open', async () => {
    const asked: unknown[] = []
    const { client } = await setUp({
      rest: (request) => {
        asked.push(request)
        return [200, { lines: [] }]
      },
      answer: (frame) => ('call' in frame ? { id: frame.id, out: { state: 'idle' } } : undefined),
    })
    await client.call.leaderboards.top({ game: 'arena', period: 'daily' })
    await client.call.players.update({ displayName: 'Ada' })
    expect(asked).toEqual([
      { call: 'GET /v1/leaderboards/arena/top?period=daily', body: undefined, token: 'a1' },
      { call: 'PATCH /v1/players/me', body: { displayName: 'Ada' }, token: 'a1' },
    ])
    await client.connect()
    expect(await client.call.matchmaking.status({})).toEqual({ state: 'idle' })
    expect(asked).toHaveLength(2)
  })

  test('SDK1 a refusal is a Fault with its code and status, whichever way it came', async () => {
    const { client } = await setUp({
      rest: () => [409, { error: { code: 'USERNAME_TAKEN', message: 'That username is taken.' } }],
      answer: (frame) => ('id' in frame ? { id: frame.id, error: { code: 'ROOM_GONE', message: 'over' } } : undefined),
    })
    const taken = await faultOf(client.register({ type: 'password', username: 'ada', password: 'correct horse' }))
    expect(taken).toMatchObject({ name: 'Fault', code: 'USERNAME_TAKEN', status: 409 })
    await client.connect()
    expect(await faultOf(client.call.rooms.find({ roomId: '9' }))).toMatchObject({ code: 'ROOM_GONE', status: 410 })
  })

  test('SDK1 a server that cannot be reached is UNAVAILABLE', async () => {
    const client = createClient({ url: 'http://127.0.0.1:1' })
    expect(await faultOf(client.guest())).toMatchObject({ code: 'UNAVAILABLE', status: 503 })
  })

  test('SDK7 no more calls are open at once than the server takes', async () => {
    const { client } = await setUp()
    await client.connect()
    const calls = Array.from({ length: 65 }, () => faultOf(client.call.players.me({})))
    expect(await calls[64]).toMatchObject({ code: 'RATE_LIMITED' })
    client.close()
    expect(await calls[0]).toMatchObject({ code: 'UNAVAILABLE' })
  })
})

describe('tokens', () => {
  test('SDK2 tokens are traded before they expire, once for many calls, and the socket is told', async () => {
    const trades: unknown[] = []
    const storage = signedIn(soon)
    const script: Script = {
      rest: ({ call, body }) => {
        if (!call.endsWith('/refresh')) return [200, {}]
        trades.push(body)
        return [200, { ...TOKENS, accessToken: 'a2', refreshToken: 'r2' }]
      },
    }
    const { client } = await setUp(script, { storage })
    await Promise.all([client.call.players.me({}), client.call.players.me({}), client.restore()])
    expect(trades).toEqual([{ refreshToken: 'r1' }])
    expect(storage.get('meydan.session')).toContain('"r2"')
  })

  test('SDK2 a token that the server refuses is traded and the call made again', async () => {
    const { client, server } = await setUp({
      rest: () => [200, { ...TOKENS, accessToken: 'a2', refreshToken: 'r2' }],
      answer: (frame) => {
        if (isRenew(frame)) return { id: frame.id, out: {} }
        const isRenewed = server.frames.some(isRenew)
        if (!('call' in frame)) return undefined
        return isRenewed
          ? { id: frame.id, out: { state: 'idle' } }
          : { id: frame.id, error: { code: 'UNAUTHENTICATED', message: 'expired' } }
      },
    })
    await client.connect()
    expect(await client.call.matchmaking.status({})).toEqual({ state: 'idle' })
    expect((await server.frame(isRenew)).renew).toEqual({ token: 'a2' })
  })

  test('SDK2 a call waits until the server, which is still checking it, has taken the new token', async () => {
    let owner = 'expired'
    let trades = 0
    const { client } = await setUp({
      rest: () => [200, { ...TOKENS, accessToken: `a${++trades + 1}`, refreshToken: `r${trades + 1}` }],
      answer: (frame, server) => {
        if (isRenew(frame)) {
          setImmediate(() => {
            owner = 'known'
            server.send({ id: frame.id, out: {} })
          })
          return undefined
        }
        if (!('call' in frame)) return undefined
        const error = { code: 'UNAUTHENTICATED', message: 'expired', details: { reason: owner } }
        return owner === 'known' ? { id: frame.id, out: { state: 'idle' } } : { id: frame.id, error }
      },
    })
    await client.connect()
    const asked = Array.from({ length: 5 }, () => client.call.matchmaking.status({}))
    expect(await Promise.all(asked)).toEqual(asked.map(() => ({ state: 'idle' })))
    expect(trades).toBe(1)
  })

  test('SDK2 a refusal that comes after the token has been traded does not trade again', async () => {
    let trades = 0
    const held: (() => void)[] = []
    const { client } = await setUp({
      rest: () => [200, { ...TOKENS, accessToken: `a${++trades + 1}`, refreshToken: `r${trades + 1}` }],
      answer: (frame, server) => {
        if (isRenew(frame)) return { id: frame.id, out: {} }
        if (!('call' in frame)) return undefined
        if (trades > 0) return { id: frame.id, out: { state: 'idle' } }
        const refusal = { id: frame.id, error: { code: 'UNAUTHENTICATED', message: 'expired' } }
        if (frame.call !== 'rooms.find') return refusal
        held.push(() => server.send(refusal))
        return undefined
      },
    })
    await client.connect()
    const late = client.call.rooms.find({ roomId: '9' })
    await client.call.matchmaking.status({})
    for (const refuse of held) refuse()
    expect(await late).toEqual({ state: 'idle' })
    expect(trades).toBe(1)
  })

  test("SDK2 signing in makes an open socket, that was nobody's, the player's", async () => {
    const { client, server } = await setUp(
      {
        rest: () => [200, { ...TOKENS, recovery: { username: 'u', password: 'p' } }],
        answer: (frame) => ('id' in frame ? { id: frame.id, out: { state: 'idle' } } : undefined),
      },
      { storage: memoryStorage() },
    )
    await client.connect()
    await client.guest()
    await client.call.matchmaking.status({})
    const kinds = server.frames.filter((frame) => 'renew' in frame || 'call' in frame)
    expect(kinds).toMatchObject([{ renew: { token: 'a1' } }, { call: 'matchmaking.status' }])
  })

  test('SDK2 tokens that another tab has traded are taken over instead of traded again', async () => {
    const storage = signedIn(soon)
    const { client } = await setUp({ rest: ({ token }) => [200, { token }] }, { storage })
    storage.set('meydan.session', JSON.stringify({ tokens: { ...TOKENS, accessToken: 'a9', refreshToken: 'r9' } }))
    expect(await client.call.players.me({})).toEqual({ token: 'a9' })
  })

  test('SDK3 a player whose tokens are refused for good is signed out, and the client stops trying', async () => {
    const { client, server } = await setUp({
      rest: () => [401, { error: { code: 'REFRESH_INVALID', message: 'sign in again' } }],
      greet: () => ({ close: 4001 }),
    })
    let signedOut = 0
    client.onSignedOut(() => signedOut++)
    expect(await faultOf(client.connect())).toMatchObject({ code: 'REFRESH_INVALID' })
    expect([signedOut, client.state, client.player]).toEqual([1, 'closed', null])
    expect(await client.restore()).toBe(false)
    expect(server.frames.filter((frame) => 'hello' in frame)).toHaveLength(1)
  })
})

describe('the socket', () => {
  test('SDK4 a cut connection comes back by itself, and every event is heard exactly once', async () => {
    const told = [event(1), event(2), event(3)]
    const { client, server } = await setUp({
      greet: (frame, { send }) => {
        const from = 'resume' in frame ? frame.resume.seq : 0
        // Events follow the welcome, as a replay does.
        setImmediate(() => told.slice(from, 'resume' in frame ? 3 : 2).forEach(send))
        return welcome('s1', 'resume' in frame)
      },
    })
    const heard: unknown[] = []
    const two = new Promise<void>((resolve) => client.on('TOLD', (data) => heard.push(data) === 2 && resolve()))
    const three = new Promise<void>((resolve) => client.on('TOLD', () => heard.length === 3 && resolve()))
    await client.connect()
    await two
    server.cut()
    await until(client, 'reconnecting')
    expect((await server.frame(isResume)).resume).toEqual({ session: 's1', seq: 2, token: 'a1' })
    await three
    expect(heard).toEqual([{ seq: 1 }, { seq: 2 }, { seq: 3 }])
  })

  test('SDK4 at a gateway that has not the session it goes on from where it is in each topic, and nothing is missed or heard twice', async () => {
    const { client, server } = await setUp({
      greet: (frame, { send }) => {
        if (!('resume' in frame)) return { hello: { ...helloOf('s1'), topics: { 'user:7': 40 } } }
        // The other gateway's own count begins anew; one event comes twice.
        setImmediate(() => [42, 43].map(event).forEach(send))
        return welcome('s2', true)
      },
    })
    const heard: unknown[] = []
    let resyncs = 0
    client.onResync(() => resyncs++)
    client.on('TOLD', (_data, { seq }) => heard.push(seq))
    await client.connect()
    for (const seq of [41, 42]) server.send(event(seq))
    await expect.poll(() => heard).toEqual([41, 42])
    server.cut()
    expect((await server.frame(isResume)).resume).toEqual({
      session: 's1',
      seq: 2,
      topics: { 'user:7': 42 },
      token: 'a1',
    })
    await expect.poll(() => heard).toEqual([41, 42, 43])
    server.cut()
    const again = () => server.frames.filter(isResume).map(({ resume: { session, seq } }) => [session, seq])
    await expect.poll(again).toEqual([
      ['s1', 2],
      ['s2', 2],
    ])
    expect(resyncs).toBe(0)
  })

  test('SDK4 hurrying dials at once, and a call lost on the way is asked again when that is safe', async () => {
    const { client, server } = await setUp({ rest: () => [200, { state: 'idle' }] })
    await client.connect()
    const status = client.call.matchmaking.status({})
    await server.frame((frame): frame is Extract<UpFrame, { call: string }> => 'call' in frame)
    server.cut()
    expect(await status).toEqual({ state: 'idle' })
    client.hurry()
    await until(client, 'open')
  })

  test('SDK4 a gap in a topic, and a new session in place of a lost one, ask for a fresh look', async () => {
    let sessions = 0
    const { client, server } = await setUp({ greet: () => welcome(`s${++sessions}`) })
    const resynced = (): Promise<void> => new Promise((resolve) => client.onResync(resolve))
    await client.connect()
    const gap = resynced()
    server.send(event(1))
    server.send(event(3))
    await gap
    const lost = resynced()
    server.cut()
    await lost
    expect(sessions).toBe(2)
  })

  test('SDK4 a topic that was asked for is watched again in a new session, before it is said to look afresh', async () => {
    const told: string[] = []
    const { client, server } = await setUp({
      greet: () => welcome(),
      answer: (frame) => {
        if ('watch' in frame) told.push(`watch ${frame.watch}`)
        if ('unwatch' in frame) told.push(`unwatch ${frame.unwatch}`)
        return 'id' in frame ? { id: frame.id, out: { topics: { 'crash:1': 4 } } } : undefined
      },
    })
    await client.connect()
    const [leave, leaveToo] = await Promise.all([client.watch('crash:1'), client.watch('crash:1')])
    client.onResync(() => told.push('look'))
    told.length = 0
    server.cut()
    await expect.poll(() => told).toEqual(['watch crash:1', 'look'])
    leave()
    leave()
    expect(told).toHaveLength(2)
    leaveToo()
    await expect.poll(() => told.at(-1)).toBe('unwatch crash:1')
    server.cut()
    await expect.poll(() => told.slice(3)).toEqual(['look'])
  })

  test('SDK4 a topic that is refused is not asked for again', async () => {
    const { client, server } = await setUp({
      greet: () => welcome(),
      answer: (frame) => ('id' in frame ? { id: frame.id, error: { code: 'FORBIDDEN', message: 'no' } } : undefined),
    })
    await client.connect()
    expect((await faultOf(client.watch('crash:1'))).code).toBe('FORBIDDEN')
    const looked = new Promise<void>((resolve) => client.onResync(resolve))
    server.cut()
    await looked
    expect(server.frames.filter((frame) => 'watch' in frame)).toHaveLength(1)
  })

  test('SDK4 a session that went on elsewhere is not fought over', async () => {
    const { client, server } = await setUp()
    const replaced = new Promise<void>((resolve) => client.onReplaced(resolve))
    await client.connect()
    closeAll(server, 4004)
    await replaced
    expect(client.state).toBe('closed')
  })

  test('SDK7 what is no frame is dropped, and the socket lives on', async () => {
    const { client, server } = await setUp({
      answer: (frame) => ('call' in frame ? { id: frame.id, out: { state: 'idle' } } : undefined),
    })
    await client.connect()
    for (const junk of ['', '{', '[1,2]', '{"event":7}', '{"id":99999,"out":1}']) server.sockets[0]?.send(junk)
    for (const junk of [Buffer.of(2), Buffer.of(2, 0, 3, 0xff), Buffer.of(0xc1, 0xff)]) server.sockets[0]?.send(junk)
    expect(await client.call.matchmaking.status({})).toEqual({ state: 'idle' })
  })

  test('SDK8 pings tell the round trip and the clock of the server', async () => {
    const aheadMs = 3_600_000
    const { client } = await setUp({
      aheadMs,
      answer: (frame) => ('call' in frame ? { id: frame.id, out: { state: 'idle' } } : undefined),
    })
    await client.connect()
    // The first ping went out before this call, so its pong comes before the answer.
    await client.call.matchmaking.status({})
    expect(Math.abs(client.serverNowMs() - Date.now() - aheadMs)).toBeLessThan(1_000)
    expect(client.rttMs).toBeGreaterThanOrEqual(0)
  })
})

function closeAll(server: FakeServer, code: number): void {
  for (const socket of server.sockets) socket.close(code)
}

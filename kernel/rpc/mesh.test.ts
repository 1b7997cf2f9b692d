import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { command, contract, core, errors, query } from '@meydan/contracts/core'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createLog, createMetrics } from '../telemetry/index.ts'
import { manualClock, systemClock } from '../time/index.ts'
import {
  bareKit,
  type CallContext,
  type Caller,
  createHost,
  meshLink,
  meshServer,
  newServiceKeys,
  openContext,
  service,
  serviceTokens,
  staticDiscovery,
} from './index.ts'
import { pack, unpack } from './mesh-wire.ts'

const farErrors = errors({ TOO_FAR: { status: 409, message: 'That is too far.' } })
const procedures = {
  echo: query({
    summary: 'Says it again',
    auth: 'public',
    input: z.strictObject({ text: z.string().max(2_000_000), note: z.string().optional() }),
    output: z.object({ text: z.string(), note: z.string().optional() }),
    limit: { points: 1_000, perS: 60, by: 'address' },
  }),
  once: command({ summary: 'Not to be repeated', auth: 'public' }),
  fail: query({ summary: 'Fails', auth: 'public', input: z.strictObject({ bug: z.boolean() }) }),
  who: query({ summary: 'Who calls', auth: 'player', output: z.object({ playerId: z.string() }) }),
  inner: command({ summary: 'For services', auth: 'service', output: z.object({ service: z.string() }) }),
  wait: query({ summary: 'Waits until it is told to stop', auth: 'public', timeoutMs: 10_000 }),
} as const
const far = contract('far', procedures, { errors: farErrors })

const log = createLog({ level: 'silent', pretty: false, name: 'test' })
const keys = await newServiceKeys()
const tokens = serviceTokens(keys, systemClock)
const cleanup: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step()
})

/** A process that answers for `far`, as far as the network can tell. */
async function answering(port = 0, answered = far) {
  const metrics = createMetrics()
  const seen: CallContext[] = []
  const arrived = Promise.withResolvers<CallContext>()
  const stopped = Promise.withResolvers<unknown>()
  const release = Promise.withResolvers<void>()
  const farService = service({
    contract: answered,
    calls: {},
    build: () => ({
      handlers: {
        echo: async (input, context) => {
          seen.push(context)
          return input
        },
        once: async () => ({}),
        fail: async ({ bug }) => {
          if (bug) throw new Error('inner workings')
          throw farErrors.TOO_FAR({ details: { metres: 9 }, retryAfterS: 3 })
        },
        who: async (_input, context) => ({ playerId: context.caller.playerId }),
        inner: async (_input, { caller }) => ({ service: caller.kind === 'service' ? caller.service : '' }),
        wait: async (_input, context) => {
          seen.push(context)
          arrived.resolve(context)
          context.signal.addEventListener('abort', () => stopped.resolve(context.signal.reason))
          await Promise.race([release.promise, stopped.promise])
          return {}
        },
      },
    }),
  })
  const options = { log, metrics, clock: systemClock }
  const host = await createHost({ services: [farService], kit: () => bareKit(options), freeze: true, ...options })
  const server = meshServer({ host, tokens, listen: { address: '127.0.0.1', port }, processId: 'node-7', ...options })
  await server.start()
  cleanup.push(() => server.stop())
  return { server, seen, arrived: arrived.promise, stopped: stopped.promise, release: release.resolve }
}

/** A process that calls `far` at these addresses. */
async function calling(addresses: readonly string[], called = far) {
  const options = { log, metrics: createMetrics(), clock: systemClock }
  const link = meshLink({ discovery: staticDiscovery({ far: addresses }), tokens, ...options })
  cleanup.push(() => link.close())
  const host = await createHost({
    services: [],
    kit: () => bareKit(options),
    remote: { contracts: [called], link },
    freeze: true,
    ...options,
  })
  return { host, link, metrics: options.metrics }
}

const nobody: Caller = { kind: 'anonymous', address: '192.0.2.1', userAgent: 'ü'.repeat(9_000) }
const player: Caller = { kind: 'player', playerId: '7', sessionId: '9', roles: ['admin'], address: '192.0.2.1' }
const from = (caller: Caller, timeoutMs?: number) => openContext({ caller, clock: systemClock, log, timeoutMs })

/** One request by hand, with whatever token and body; gives status, refusal and body. */
async function byHand(
  url: string,
  path: string,
  more: { headers?: Record<string, string>; body?: Uint8Array<ArrayBuffer> } = {},
) {
  const response = await fetch(`${url}/mesh/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/msgpack',
      'meydan-contract-version': '1',
      authorization: `Bearer ${await tokens.issue('wallet', 'far')}`,
      ...more.headers,
    },
    body: more.body ?? new Uint8Array(pack({})),
  })
  return { status: response.status, body: unpack(new Uint8Array(await response.arrayBuffer())) }
}

function urlOf(server: Server): string {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen')
  return `http://127.0.0.1:${address.port}`
}

describe('a call between processes', () => {
  test('K1 is answered as it would be here: output, contract fault, hidden bug, bad input, wrong caller', async () => {
    const { server } = await answering()
    const { host } = await calling([server.url])
    await expect(host.call('far.echo', { text: 'çay' }, from(nobody))).resolves.toEqual({ text: 'çay' })
    await expect(host.call('far.who', {}, from(player))).resolves.toEqual({ playerId: '7' })
    await expect(host.call('far.fail', { bug: false }, from(nobody))).rejects.toMatchObject({
      code: 'TOO_FAR',
      status: 409,
      message: 'That is too far.',
      details: { metres: 9 },
      retryAfterS: 3,
    })
    await expect(host.call('far.fail', { bug: true }, from(nobody))).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'Something broke on our side.',
    })
    await expect(host.call('far.echo', { text: 1 }, from(nobody))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'text' },
    })
    await expect(host.call('far.who', {}, from(nobody))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(host.call('far.inner', {}, from(player))).rejects.toMatchObject({ code: 'UNKNOWN_CALL' })
  })

  test('K2 takes the deadline, the trace and what is left of the limit with it', async () => {
    const { server, seen } = await answering()
    const { host } = await calling([server.url])
    const context = from(nobody, 700)
    await host.call('far.echo', { text: 'x' }, context)
    expect(seen[0]?.deadlineMs).toBeLessThanOrEqual(Date.now() + 700)
    expect(seen[0]?.traceId).toBe(context.traceId)
    expect(context.limit).toMatchObject({ points: 1_000, remaining: 999 })
  })

  test('K2 ends at its deadline on both sides', async () => {
    const { server, stopped } = await answering()
    const { host } = await calling([server.url])
    await expect(host.call('far.wait', {}, from(nobody, 100))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await expect(stopped).resolves.toMatchObject({ code: expect.stringMatching(/DEADLINE_EXCEEDED|CANCELLED/) })
  })

  test('K2 a caller that goes away cancels the handler in the other process', async () => {
    const { server, arrived, stopped } = await answering()
    const { host } = await calling([server.url])
    const context = from(nobody)
    const call = host.call('far.wait', {}, context)
    await arrived
    context.cancel()
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(stopped).resolves.toMatchObject({ code: 'CANCELLED' })
  })

  test('K8 across versions of the contract is refused by name', async () => {
    const { server } = await answering()
    const { host } = await calling([server.url], contract('far', procedures, { errors: farErrors, version: 2 }))
    await expect(host.call('far.echo', { text: 'x' }, from(nobody))).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      status: 503,
      message: 'The caller speaks version 2 of far, and node-7 speaks version 1.',
      details: { contract: 'far', caller: 2, processes: { 'node-7': 1 } },
    })
  })

  test('K8 of a newer release: optional fields that the answering side does not know are left out, and no others', async () => {
    const { server, seen } = await answering()
    const input = z.strictObject({ text: z.string(), note: z.string().optional(), loud: z.boolean().optional() })
    const newer = contract('far', { ...procedures, echo: { ...procedures.echo, input } }, { errors: farErrors })
    const [older, younger] = [await calling([server.url]), await calling([server.url], newer)]
    await expect(younger.host.call('far.echo', { text: 'x', loud: true }, from(nobody))).resolves.toEqual({ text: 'x' })
    await expect(younger.host.call('far.echo', { text: 1, loud: true }, from(nobody))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'text' },
    })
    // Within one release it is somebody's mistake.
    await expect(older.host.call('far.echo', { text: 'x', loud: true }, from(nobody))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'loud' },
    })
    expect(seen).toHaveLength(1)
  })

  test('K8 with more input than the mesh carries is refused before it is sent', async () => {
    const { server, seen } = await answering()
    const { host } = await calling([server.url])
    const call = host.call('far.echo', { text: 'x'.repeat(1_200_000) }, from(nobody))
    await expect(call).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    expect(seen).toEqual([])
  })
})

describe('service tokens', () => {
  test('B1 only a caller with a valid token for this very service is answered', async () => {
    const { server } = await answering()
    const clock = manualClock(Date.now() - 70_000)
    const bad = {
      none: '',
      garbage: 'Bearer a.b.c',
      basic: 'Basic YTpi',
      'of other keys': `Bearer ${await serviceTokens(await newServiceKeys(), systemClock).issue('wallet', 'far')}`,
      expired: `Bearer ${await serviceTokens(keys, clock).issue('wallet', 'far')}`,
      'for another service': `Bearer ${await tokens.issue('wallet', 'near')}`,
    }
    for (const [name, authorization] of Object.entries(bad)) {
      const answer = await byHand(server.url, 'far/inner', { headers: { authorization } })
      expect(answer, name).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
    }
    await expect(byHand(server.url, 'far/inner')).resolves.toMatchObject({ status: 200, body: { service: 'wallet' } })
  })

  test('B1 a token that was good is refused once it has expired', async () => {
    const clock = manualClock()
    const moving = serviceTokens(keys, clock)
    const token = await moving.issue('wallet', 'far')
    expect(await moving.verify(token, 'far')).toBe('wallet')
    clock.advance(66_000)
    await expect(moving.verify(token, 'far')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await moving.issue('wallet', 'far')).not.toBe(token)
  })

  test('B1 a service speaks for itself only, and none but the edge for players', async () => {
    const { server } = await answering()
    const as = (caller: unknown) => ({
      headers: { 'meydan-caller': Buffer.from(JSON.stringify(caller)).toString('base64url') },
    })
    for (const caller of [player, { kind: 'service', service: 'till' }, { kind: 'root' }, 'x']) {
      const answer = await byHand(server.url, 'far/who', as(caller))
      expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
    }
    const inName = await byHand(server.url, 'far/who', as({ kind: 'service', service: 'wallet', playerId: '7' }))
    expect(inName).toEqual({ status: 200, body: { playerId: '7' } })
  })

  test('B1 a bad service token is not told to a player as his own', async () => {
    const { server } = await answering()
    const strangers = serviceTokens(await newServiceKeys(), systemClock)
    const discovery = staticDiscovery({ far: [server.url] })
    const link = meshLink({ discovery, tokens: strangers, log, metrics: createMetrics(), clock: systemClock })
    cleanup.push(() => link.close())
    const call = link.call(far, 'who', {}, from(player), player)
    await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})

describe('bad bytes', () => {
  test('K8 bodies that are no MessagePack, of the wrong type, too large or endless are refused and harm nothing', async () => {
    const { server } = await answering()
    const large = new Uint8Array(1_200_000)
    const endless = new Blob([large]).stream()
    const refused = [
      [await byHand(server.url, 'far/echo', { body: new Uint8Array([0xc1, 0xff, 0x00]) }), 400],
      [await byHand(server.url, 'far/echo', { body: new Uint8Array([0xdd, 0x7f, 0xff, 0xff, 0xff]) }), 400],
      [await byHand(server.url, 'far/echo', { body: new Uint8Array(100_000).fill(0x91) }), 400],
      [await byHand(server.url, 'far/echo', { body: new Uint8Array(0) }), 400],
      [await byHand(server.url, 'far/echo', { headers: { 'content-type': 'application/json' } }), 415],
      [await byHand(server.url, 'far/echo', { body: large }), 413],
      [await byHand(server.url, 'nowhere/echo'), 401],
      [await byHand(server.url, '../far/echo'), 404],
      [await byHand(server.url, 'far/nothing'), 404],
    ] as const
    for (const [answer, status] of refused) expect(answer.status).toBe(status)
    const streamed = await fetch(`${server.url}/mesh/far/echo`, {
      method: 'POST',
      headers: {
        'content-type': 'application/msgpack',
        'meydan-contract-version': '1',
        authorization: `Bearer ${await tokens.issue('wallet', 'far')}`,
      },
      body: endless,
      duplex: 'half',
    })
    expect(streamed.status).toBe(413)
    await expect(byHand(server.url, 'far/inner')).resolves.toMatchObject({ status: 200 })
  })

  test('K8 bytes that are no HTTP end their connection only', async () => {
    const { server } = await answering()
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', () => socket.destroy())
    socket.write(Buffer.from([0xde, 0xad, 0xbe, 0xef, 0x0a, 0x0d, 0x0a, 0x0d]))
    await once(socket.resume(), 'close')
    await expect(byHand(server.url, 'far/inner')).resolves.toMatchObject({ status: 200 })
  })
})

describe('failing addresses', () => {
  /** Drops its first connections with the request unanswered, then answers `{}`. */
  async function dropping(times: number) {
    let requests = 0
    const server = createServer((request, response) => {
      requests++
      if (requests <= times) request.socket.destroy()
      else response.writeHead(200, { 'content-type': 'application/msgpack' }).end(pack({ text: 'back' }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanup.push(async () => {
      server.closeAllConnections()
      server.close()
    })
    return { url: urlOf(server), requests: () => requests }
  }

  test('K7 an idempotent call is tried again', async () => {
    const { url, requests } = await dropping(2)
    const { host, metrics } = await calling([url])
    await expect(host.call('far.echo', { text: 'x' }, from(nobody))).resolves.toEqual({ text: 'back' })
    expect(requests()).toBe(3)
    expect(await metrics.text()).toContain('meydan_mesh_retries_total{service="far"} 2')
  })

  test('K7 any other call is sent once', async () => {
    const { url, requests } = await dropping(2)
    const { host } = await calling([url])
    await expect(host.call('far.once', {}, from(nobody))).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterS: 1 })
    expect(requests()).toBe(1)
  })

  test('K7 a call that may have been done says so', async () => {
    const { url } = await dropping(1)
    const { host } = await calling([url])
    const lost = host.call('far.once', {}, from(nobody))
    await expect(lost).rejects.toMatchObject({
      message: expect.stringMatching(/may or may not/),
      details: { inDoubt: true },
    })
  })

  test('K7 a call that no handler has seen is sent elsewhere, whatever it does', async () => {
    const [gone, well] = [await answering(), await answering()]
    const { host, metrics } = await calling([gone.server.url, well.server.url])
    await gone.server.stop()
    for (let call = 0; call < 5; call++) await expect(host.call('far.once', {}, from(nobody))).resolves.toEqual({})
    expect(await metrics.text()).toContain('meydan_mesh_retries_total{service="far"} 1')
  })

  test('C10 what is known of each address is in the metrics, until the address is gone', async () => {
    const { server, arrived, release } = await answering()
    const addresses = [server.url]
    const { host, metrics } = await calling(addresses)
    const held = host.call('far.wait', {}, from(nobody))
    await arrived
    const of = `{service="far",address="${server.url}"}`
    const text = await metrics.text()
    expect(text).toContain('meydan_mesh_addresses{service="far"} 1\n')
    expect(text).toContain(`meydan_mesh_breaker_state${of} 0\n`)
    expect(text).toContain(`meydan_mesh_bulkhead_used${of} ${1 / 128}\n`)
    release()
    await held
    addresses.pop()
    const after = await metrics.text()
    expect(after).toContain('meydan_mesh_addresses{service="far"} 0\n')
    expect(after).not.toContain(server.url)
  })

  test('K7 faults are answers and are not tried again', async () => {
    const { server } = await answering()
    const { host, metrics } = await calling([server.url])
    await expect(host.call('far.fail', { bug: true }, from(nobody))).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await metrics.text()).not.toContain('meydan_mesh_retries_total{')
  })

  test('K7 trying again ends with the deadline', async () => {
    const { url } = await dropping(1_000)
    const { host } = await calling([url])
    const startedMs = performance.now()
    const call = host.call('far.echo', { text: 'x' }, from(nobody, 60))
    await expect(call).rejects.toMatchObject({ code: expect.stringMatching(/DEADLINE_EXCEEDED|UNAVAILABLE/) })
    expect(performance.now() - startedMs).toBeLessThan(1_000)
  })

  test('K7 the breaker opens after failures in a row, answers at once, and closes when the address is back', async () => {
    const gone = await answering()
    const { url } = gone.server
    await gone.server.stop()
    const { host, metrics } = await calling([url])
    const state = `meydan_mesh_breaker_state{service="far",address="${url}"}`
    for (let call = 0; call < 10; call++) {
      await expect(host.call('far.once', {}, from(nobody))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    }
    expect(await metrics.text()).toContain(`${state} 1`)
    await answering(Number(new URL(url).port))
    // It is back, but while the breaker is open nobody asks.
    await expect(host.call('far.echo', { text: 'x' }, from(nobody))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    const answered = () => host.call('far.echo', { text: 'x' }, from(nobody)).catch((error: Error) => error.message)
    await expect.poll(answered, { timeout: 5_000, interval: 100 }).toEqual({ text: 'x' })
    expect(await metrics.text()).toContain(`${state} 0`)
  })

  test('K7 calls go to the address with the fewest under way, and past one that is away', async () => {
    const [busy, idle, gone] = [await answering(), await answering(), await answering()]
    await gone.server.stop()
    const { host } = await calling([gone.server.url, busy.server.url, idle.server.url])
    // Takes the dead address out: each of these is tried again elsewhere.
    for (let call = 0; call < 12; call++) await host.call('far.echo', { text: 'x' }, from(nobody))
    const held = host.call('far.wait', {}, from(nobody))
    const holder = await Promise.race([busy.arrived.then(() => busy), idle.arrived.then(() => idle)])
    const other = holder === busy ? idle : busy
    const before = { holder: holder.seen.length, other: other.seen.length }
    for (let call = 0; call < 10; call++) await host.call('far.echo', { text: 'x' }, from(nobody))
    expect(holder.seen.length - before.holder).toBe(0)
    expect(other.seen.length - before.other).toBe(10)
    holder.release()
    await held
  })

  test('K7 nobody to ask is UNAVAILABLE', async () => {
    const { host } = await calling([])
    await expect(host.call('far.once', {}, from(nobody))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('K7 a process that drains finishes what runs and takes no more', async () => {
    const { server, arrived, release } = await answering()
    const { host } = await calling([server.url])
    const running = host.call('far.wait', {}, from(nobody))
    await arrived
    const drained = server.drain(5_000)
    await expect(host.call('far.once', {}, from(nobody))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    release()
    await expect(running).resolves.toEqual({})
    await drained
  })
})

test('K7 an answer that says so little as garbage is no answer', async () => {
  const server = createServer((_request, response) => response.writeHead(200).end('<html>'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup.push(async () => void server.close())
  const { host } = await calling([urlOf(server)])
  const call = host.call('far.once', {}, from(nobody))
  await expect(call).rejects.toMatchObject({ code: core.UNAVAILABLE().code })
})

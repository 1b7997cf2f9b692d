import { once } from 'node:events'
import { command, contract, core, errors, query } from '@meydan/contracts/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createLog, createMetrics } from '../telemetry/index.ts'
import { systemClock } from '../time/index.ts'
import { bareKit, type CallContext, type Caller, createHost, openContext, type Running, service } from './index.ts'

const shopErrors = errors({ SOLD_OUT: { status: 409, message: 'It is sold out.' } })
const Who = z.object({ kind: z.string(), playerId: z.string(), via: z.string() })

const shop = contract(
  'shop',
  {
    price: query({
      summary: 'A price',
      auth: 'public',
      input: z.strictObject({
        item: z.strictObject({ name: z.string().min(2), tags: z.array(z.string()).default([]) }),
      }),
      output: z.object({ minor: z.number().int(), tags: z.array(z.string()) }),
    }),
    who: query({ summary: 'Who the handler sees', auth: 'player', output: Who }),
    staff: query({ summary: 'For support', auth: 'support' }),
    chief: query({ summary: 'For admins', auth: 'admin' }),
    restock: command({ summary: 'For services', auth: 'service', output: Who }),
    buy: command({
      summary: 'Fails as it is told to',
      auth: 'public',
      input: z.strictObject({ how: z.enum(['sold-out', 'foreign', 'bug', 'string', 'missing', 'wrong-output']) }),
      output: z.object({ done: z.boolean() }),
    }),
    scarce: query({ summary: 'Limited', auth: 'public', limit: { points: 2, perS: 60, by: 'address' } }),
    any: query({ summary: 'Takes any JSON', auth: 'public', input: z.json() }),
    slow: query({ summary: 'Waits until it is told to stop', auth: 'public', timeoutMs: 60 }),
    deaf: query({ summary: 'Never answers and looks at no signal', auth: 'public', timeoutMs: 60 }),
    open: query({ summary: 'As slow, with time', auth: 'public', timeoutMs: 10_000 }),
  },
  { errors: shopErrors },
)

const till = contract('till', {
  who: query({ summary: 'Asks the shop who it sees', auth: 'public', output: Who }),
  restock: query({ summary: 'Asks the shop to restock', auth: 'public', output: Who }),
  staff: query({ summary: 'Tries a staff call in a player’s name', auth: 'player' }),
  wait: query({ summary: 'Waits for the shop', auth: 'public', timeoutMs: 60 }),
  share: query({ summary: 'Changes what it has handed over', auth: 'public' }),
  badly: query({ summary: 'Calls with wrong input', auth: 'public' }),
})

async function set() {
  const lines: string[] = []
  const log = createLog({ level: 'debug', pretty: false, name: 'test', write: (line) => lines.push(line) })
  const metrics = createMetrics()
  const seen: CallContext[] = []
  const aborted = Promise.withResolvers<unknown>()

  const untilStopped = async (_input: unknown, context: CallContext): Promise<never> => {
    seen.push(context)
    await once(context.signal, 'abort')
    aborted.resolve(context.signal.reason)
    throw context.signal.reason
  }
  const who = (context: CallContext) => {
    seen.push(context)
    const { caller } = context
    const playerId = caller.kind === 'anonymous' ? '' : (caller.playerId ?? '')
    const via = caller.kind === 'service' ? caller.service : caller.kind === 'player' ? (caller.via ?? '') : ''
    return { kind: caller.kind, playerId, via }
  }
  const shopService = service({
    contract: shop,
    calls: {},
    build: () => ({
      handlers: {
        price: async ({ item }) => ({ minor: item.name.length, tags: item.tags, secret: 'not in the contract' }),
        who: async (_input, context) => who(context),
        restock: async (_input, context) => who(context),
        staff: async () => ({}),
        chief: async () => ({}),
        scarce: async () => ({}),
        any: async () => ({}),
        buy: async ({ how }) => {
          if (how === 'sold-out') throw shopErrors.SOLD_OUT({ details: { left: 0 } })
          if (how === 'foreign') throw errors({ ELSEWHERE: { status: 418, message: 'inner workings' } }).ELSEWHERE()
          if (how === 'bug') throw new TypeError('password=hunter2')
          if (how === 'string') throw 'not even an error'
          if (how === 'missing') throw core.NOT_FOUND()
          return { done: JSON.parse('"no boolean"') }
        },
        slow: untilStopped,
        open: untilStopped,
        deaf: () => new Promise(() => {}),
      },
    }),
  })
  const tillService = service({
    contract: till,
    calls: { shop },
    build: ({ call }) => ({
      handlers: {
        who: (_input, context) => call.shop.who({}, context),
        restock: (_input, context) => call.shop.restock({}, context),
        staff: (_input, context) => call.shop.staff({}, context),
        wait: (_input, context) => call.shop.open({}, context),
        share: async (_input, context) => {
          const item = { name: 'apple', tags: ['red'] }
          const answer = await call.shop.price({ item }, context)
          expect(() => item.tags.push('green')).toThrow(TypeError)
          expect(() => answer.tags.push('blue')).toThrow(TypeError)
          return {}
        },
        badly: async (_input, context) => {
          await call.shop.price({ item: { name: 'x' } }, context)
          return {}
        },
      },
    }),
  })
  const host = await createHost({
    services: [shopService, tillService],
    kit: () => bareKit({ log, metrics, clock: systemClock }),
    log,
    metrics,
    clock: systemClock,
    freeze: true,
  })
  const from = (caller: Caller, more: { timeoutMs?: number; traceparent?: string } = {}): Running =>
    openContext({ caller, clock: systemClock, log, ...more })
  return { host, lines, metrics, seen, aborted: aborted.promise, from }
}

const nobody: Caller = { kind: 'anonymous', address: '192.0.2.1' }
const player: Caller = { kind: 'player', playerId: '7', sessionId: '9', roles: [], address: '192.0.2.1' }
const support: Caller = { ...player, roles: ['support'] }
const admin: Caller = { ...player, roles: ['admin'] }
const wallet: Caller = { kind: 'service', service: 'wallet' }

describe('validation', () => {
  test('K4 invalid input names every field that is wrong', async () => {
    const { host, from } = await set()
    const input = { item: { name: 'x', tags: ['a', 3], colour: 'red' } }
    await expect(host.call('shop.price', input, from(nobody))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      status: 400,
      details: {
        field: 'item.name',
        issues: [{ field: 'item.name' }, { field: 'item.tags.1' }, { field: 'item.colour', message: 'no such field' }],
      },
    })
  })

  test('K4 an input nested too deeply is refused, and breaks nothing', async () => {
    const { host, from } = await set()
    const deep: unknown = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
    await expect(host.call('shop.any', deep, from(nobody))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(host.call('shop.price', { item: deep }, from(nobody))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('K3 what the contract does not name is not answered, and defaults are filled in', async () => {
    const { host, from } = await set()
    const answer = await host.call('shop.price', { item: { name: 'apple' } }, from(nobody))
    expect(answer).toEqual({ minor: 5, tags: [] })
  })

  test.each([undefined, null])('K4 a call that takes nothing may be made with %s', async (input) => {
    const { host, from } = await set()
    await expect(host.call('shop.who', input, from(player))).resolves.toMatchObject({ playerId: '7' })
  })
})

describe('callers', () => {
  test.each<[string, Caller, string]>([
    ['shop.who', nobody, 'UNAUTHENTICATED'],
    ['shop.staff', nobody, 'UNAUTHENTICATED'],
    ['shop.staff', player, 'FORBIDDEN'],
    ['shop.chief', support, 'FORBIDDEN'],
    ['shop.who', wallet, 'UNAUTHENTICATED'],
    ['shop.chief', { ...wallet, playerId: '7' }, 'FORBIDDEN'],
  ])('K6 %s refuses %o with %s', async (name, caller, code) => {
    const { host, from } = await set()
    await expect(host.call(name, {}, from(caller))).rejects.toMatchObject({ code })
  })

  test.each<[string, Caller]>([
    ['shop.staff', support],
    ['shop.staff', admin],
    ['shop.chief', admin],
    ['shop.who', { ...wallet, playerId: '7' }],
  ])('K6 %s admits %o', async (name, caller) => {
    const { host, from } = await set()
    await expect(host.call(name, {}, from(caller))).resolves.toBeDefined()
  })

  test('B1 for a door, service procedures do not exist, nor does anything else it cannot reach', async () => {
    const { host, from } = await set()
    for (const name of ['shop.restock', 'shop.nothing', 'nothing.price', 'shop', '', '__proto__.toString']) {
      await expect(host.call(name, {}, from(admin))).rejects.toMatchObject({ code: 'UNKNOWN_CALL' })
    }
    await expect(host.dispatch('shop', 'restock', {}, from(player))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('K6 a call made inside a call is made by the service, in the player’s name', async () => {
    const { host, from, seen } = await set()
    const answer = await host.call('till.who', {}, from(admin))
    expect(answer).toEqual({ kind: 'player', playerId: '7', via: 'till' })
    expect(seen[0]?.caller).toMatchObject({ sessionId: '9', roles: [] })
    const restocked = await host.call('till.restock', {}, from(nobody))
    expect(restocked).toEqual({ kind: 'service', playerId: '', via: 'till' })
  })

  test('K6 a service in an admin’s name has no role there', async () => {
    const { host, from } = await set()
    await expect(host.call('till.staff', {}, from(admin))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('errors', () => {
  test('K5 a fault of the contract or of core reaches the caller as it is', async () => {
    const { host, from } = await set()
    const sold = host.call('shop.buy', { how: 'sold-out' }, from(nobody))
    await expect(sold).rejects.toMatchObject({ code: 'SOLD_OUT', status: 409, details: { left: 0 } })
    await expect(host.call('shop.buy', { how: 'missing' }, from(nobody))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test.each(['foreign', 'bug', 'string', 'wrong-output'])(
    'K5 %s reaches the caller as INTERNAL without its message, and the log with its trace',
    async (how) => {
      const { host, from, lines } = await set()
      const context = from(nobody)
      await expect(host.call('shop.buy', { how }, context)).rejects.toMatchObject({
        code: 'INTERNAL',
        message: 'Something broke on our side.',
      })
      const logged = lines.map((line) => JSON.parse(line)).find(({ call }) => call === 'shop.buy')
      expect(logged).toMatchObject({ level: 50, traceId: context.traceId })
      expect(JSON.stringify(logged.err)).not.toBe('{}')
    },
  )

  test('K5 a service that calls another one wrongly has a bug of its own, and its caller is not blamed', async () => {
    const { host, from, lines } = await set()
    await expect(host.call('till.badly', {}, from(nobody))).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(lines.join('')).toContain('till calling shop.price was refused: INVALID_INPUT')
  })
})

describe('time', () => {
  test('K2 a call past its deadline is answered DEADLINE_EXCEEDED and its signal says so', async () => {
    const { host, from, aborted } = await set()
    await expect(host.call('shop.slow', {}, from(nobody))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await expect(aborted).resolves.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  test('K2 a handler that looks at no signal does not keep its caller waiting', async () => {
    const { host, from, metrics } = await set()
    await expect(host.call('shop.deaf', {}, from(nobody))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(await metrics.text()).toContain('meydan_calls_total{call="shop.deaf",code="DEADLINE_EXCEEDED"} 1')
  })

  test('K2 the caller’s deadline holds when it is the shorter one', async () => {
    const { host, from } = await set()
    const call = host.call('shop.open', {}, from(nobody, { timeoutMs: 30 }))
    await expect(call).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  test('K2 a call made inside a call ends with it', async () => {
    const { host, from, aborted, seen } = await set()
    await expect(host.call('till.wait', {}, from(nobody))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await expect(aborted).resolves.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    const inner = seen[0]
    expect((inner?.deadlineMs ?? Infinity) - Date.now()).toBeLessThan(60)
  })

  test('K2 a caller that goes away cancels the call and those made inside it', async () => {
    const { host, from, aborted } = await set()
    const context = from(nobody)
    const call = host.call('till.wait', {}, context)
    context.cancel()
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(aborted).resolves.toMatchObject({ code: 'CANCELLED' })
    await expect(host.call('shop.open', {}, context)).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  test('K2 a context that somebody else made cancels by its signal', async () => {
    const { host, from, aborted } = await set()
    const controller = new AbortController()
    const { caller, deadlineMs, traceId, traceparent, log } = from(nobody)
    const plain = { caller, deadlineMs, traceId, traceparent, log, signal: controller.signal }
    const call = host.call('shop.open', {}, plain)
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(aborted).resolves.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('limits, traces, metrics', () => {
  test('C9 a procedure’s limit holds per address, says how much is left, and forgets nobody else', async () => {
    const { host, from } = await set()
    const first = from(nobody)
    await host.call('shop.scarce', {}, first)
    expect(first.limit).toMatchObject({ points: 2, perS: 60, remaining: 1 })
    await host.call('shop.scarce', {}, from(nobody))
    const refused = host.call('shop.scarce', {}, from(nobody))
    await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterS: expect.any(Number) })
    await host.call('shop.scarce', {}, from({ kind: 'anonymous', address: '192.0.2.2' }))
    for (let call = 0; call < 5; call++) await host.dispatch('shop', 'scarce', {}, from(wallet))
  })

  test('C10 one trace goes through every call', async () => {
    const { host, from, seen } = await set()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await host.call('till.who', {}, from(player, { traceparent }))
    expect(seen[0]?.traceId).toBe('0af7651916cd43dd8448eb211c80319c')
    expect(seen[0]?.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
  })

  test('C10 rate, errors by code and duration are counted per procedure', async () => {
    const { host, from, metrics } = await set()
    await host.call('shop.who', {}, from(player))
    await host.call('shop.who', {}, from(nobody)).catch((error: Error) => error)
    const text = await metrics.text()
    expect(text).toContain('meydan_calls_total{call="shop.who",code="OK"} 1')
    expect(text).toContain('meydan_calls_total{call="shop.who",code="UNAUTHENTICATED"} 1')
    expect(text).toContain('meydan_call_duration_seconds_count{call="shop.who"} 2')
  })

  test('K3 in development what passes between services is frozen on both sides', async () => {
    const { host, from } = await set()
    await expect(host.call('till.share', {}, from(nobody))).resolves.toEqual({})
  })
})

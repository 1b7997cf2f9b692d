import { createDecipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync } from 'node:crypto'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { pack, unpack } from 'msgpackr'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openTestGateway, type TestGateway } from './edge.ts'

let at: TestGateway
beforeAll(async () => {
  at = await openTestGateway()
})
afterAll(() => at.gateway.close())

const Refusal = z.object({
  error: z.object({
    code: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    traceId: z.string().optional(),
  }),
})
const refusalOf = async (answer: Response) => Refusal.parse(await answer.json()).error
const Document = z.object({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        parameters: z.array(z.object({ name: z.string() })),
        requestBody: z
          .looseObject({
            content: z.record(z.string(), z.object({ schema: z.looseObject({ properties: z.looseObject({}) }) })),
          })
          .optional(),
      }),
    ),
  ),
})

const json = { 'content-type': 'application/json' }
const say = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json, path = '/v1/echo/ada') =>
  fetch(`${at.url}${path}`, { method: 'POST', headers, body })

describe('calls', () => {
  test('R1 path, query and body are one input', async () => {
    const answer = await say('{"text":"hi","times":3}')
    expect([answer.status, await answer.json()]).toEqual([200, { said: 'hihihi' }])
  })

  test('R2 a bad token is 401, none is 401 where one is needed, a good one says who calls', async () => {
    const who = (authorization?: string) =>
      fetch(`${at.url}/v1/who`, authorization === undefined ? {} : { headers: { authorization } })
    expect((await who()).status).toBe(401)
    expect((await who('Basic abc')).status).toBe(401)
    expect((await who('Bearer expired-4')).status).toBe(401)
    expect(await (await who('Bearer token-4')).json()).toEqual({ playerId: '4' })
  })

  test('R3 MessagePack goes in by Content-Type and comes out by Accept', async () => {
    const answer = await say(new Uint8Array(pack({ text: 'hi' })), {
      'content-type': 'application/msgpack',
      accept: 'application/msgpack',
    })
    expect(answer.headers.get('content-type')).toBe('application/msgpack')
    expect(unpack(Buffer.from(await answer.arrayBuffer()))).toEqual({ said: 'hi' })
  })

  test('R4 what a handler throws is hidden, but can be found by its trace', async () => {
    const answer = await fetch(`${at.url}/v1/broken`)
    const text = await answer.text()
    const { error } = Refusal.parse(JSON.parse(text))
    expect([answer.status, error.code]).toEqual([500, 'INTERNAL'])
    expect(text).not.toContain('nobody outside')
    expect(error.traceId).toBe(answer.headers.get('x-trace-id'))
  })

  test('R5 limits are told in the headers, and refusals say when to come back', async () => {
    const first = await fetch(`${at.url}/v1/limited`)
    expect(first.headers.get('ratelimit-policy')).toBe('"default";q=2;w=60')
    expect(first.headers.get('ratelimit')).toMatch(/^"default";r=1;t=\d+$/)
    await fetch(`${at.url}/v1/limited`)
    const third = await fetch(`${at.url}/v1/limited`)
    expect([third.status, Number(third.headers.get('retry-after')) > 0]).toEqual([429, true])
  })
})

describe('leaving', () => {
  test('K2 a call is cancelled when its caller hangs up, also on a connection that was used before', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = (path: string) => {
      const request = get(`${at.url}${path}`, { agent })
      request.on('error', () => undefined)
      return request
    }
    const [first] = await once(ask('/v1/who'), 'response')
    await first.resume().toArray()
    const waiting = ask('/v1/wait')
    await vi.waitFor(() => expect(at.waiting).toEqual({ came: 1, left: 0 }))
    expect(waiting.reusedSocket).toBe(true)
    waiting.destroy()
    await vi.waitFor(() => expect(at.waiting).toEqual({ came: 1, left: 1 }))
  })
})

describe('bad input is 4xx with a code', () => {
  const cases: readonly [string, () => Promise<Response>, number, string][] = [
    ['half a JSON text', () => say('{"text":'), 400, 'INVALID_INPUT'],
    ['a text instead of an object', () => say('"hi"'), 400, 'INVALID_INPUT'],
    ['a list', () => say('[1,2]'), 400, 'INVALID_INPUT'],
    ['an unknown field', () => say('{"text":"a","extra":1}'), 400, 'INVALID_INPUT'],
    ['__proto__', () => say('{"text":"a","__proto__":{"x":1}}'), 400, 'INVALID_INPUT'],
    ['constructor', () => say('{"text":"a","constructor":{"prototype":{}}}'), 400, 'INVALID_INPUT'],
    ['a number beyond all', () => say('{"text":"a","times":1e999}'), 400, 'INVALID_INPUT'],
    ['deep nesting', () => say(`{"text":${'['.repeat(50_000)}${']'.repeat(50_000)}}`), 400, 'INVALID_INPUT'],
    [
      'garbage as MessagePack',
      () => say(Uint8Array.of(0xc1, 1, 2), { 'content-type': 'application/msgpack' }),
      400,
      'INVALID_INPUT',
    ],
    ['another media type', () => say('<a/>', { 'content-type': 'text/xml' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body of 2 MiB', () => say(`{"text":"${'x'.repeat(2 * 1024 * 1024)}"}`), 413, 'PAYLOAD_TOO_LARGE'],
    ['an unknown path', () => fetch(`${at.url}/v1/nothing`), 404, 'UNKNOWN_CALL'],
    ['a service procedure', () => fetch(`${at.url}/v1/secret`), 404, 'UNKNOWN_CALL'],
    ['a bad escape in the path', () => say('{}', json, '/v1/echo/%ZZ'), 400, 'INVALID_INPUT'],
    ['a seal key that is none', () => say('{"text":"a"}', { ...json, 'meydan-seal': 'abc' }), 400, 'INVALID_INPUT'],
  ]
  test.each(cases)('R6 %s', async (_name, request, status, code) => {
    const answer = await request()
    expect([answer.status, (await refusalOf(answer)).code]).toEqual([status, code])
  })

  test('R6 the field is named', async () => {
    const { details } = await refusalOf(await say('{"text":"a","times":99}'))
    expect(details?.field).toBe('times')
  })
})

describe('sealed answers', () => {
  test('X1–X5 only the holder of the key can read the answer', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('x25519')
    const ours = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
    const answer = await say('{"text":"hush"}', { ...json, 'meydan-seal': ours.toString('base64url') })
    expect(answer.headers.get('content-type')).toBe('application/meydan-sealed')
    const sealed = Buffer.from(await answer.arrayBuffer())
    expect(sealed[0]).toBe(1)
    const theirs = sealed.subarray(1, 33)
    const theirKey = createPublicKey({
      key: { kty: 'OKP', crv: 'X25519', x: theirs.toString('base64url') },
      format: 'jwk',
    })
    const shared = diffieHellman({ privateKey, publicKey: theirKey })
    const key = Buffer.from(hkdfSync('sha256', shared, Buffer.concat([ours, theirs]), 'meydan seal v1', 32))
    const open = (bytes: Buffer): string => {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(33, 45))
      decipher.setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(45, -16)), decipher.final()]).toString()
    }
    expect(JSON.parse(open(sealed))).toEqual({ said: 'hush' })
    const forged = Buffer.from(sealed)
    forged[50] = (forged[50] ?? 0) ^ 1
    expect(() => open(forged)).toThrow()
  })
})

describe('around the calls', () => {
  test('R8 the OpenAPI page names every call that REST can reach, and no other', async () => {
    const document = Document.parse(await (await fetch(`${at.url}/openapi.json`)).json())
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(['/v1/echo/{name}', '/v1/who', '/v1/limited', '/v1/broken', '/v1/wait'])
    const { parameters, requestBody } = document.paths['/v1/echo/{name}']?.post ?? {}
    expect(parameters?.map(({ name }) => name)).toEqual(['name'])
    expect(Object.keys(requestBody?.content['application/json']?.schema.properties ?? {})).toEqual(['text', 'times'])
    expect((await fetch(`${at.url}/docs/`)).status).toBe(200)
  })

  test('R9 pages of allowed origins may call, others are not told that they may', async () => {
    const preflight = (origin: string) =>
      fetch(`${at.url}/v1/who`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } })
    expect((await preflight('https://game.example')).headers.get('access-control-allow-origin')).toBe(
      'https://game.example',
    )
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  })

  test('R9 a page that may call may use every method, send its token, and read the headers meant for it', async () => {
    const origin = 'https://game.example'
    const asked = { 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' }
    const preflight = await fetch(`${at.url}/v1/who`, { method: 'OPTIONS', headers: { origin, ...asked } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization')
    const answer = await fetch(`${at.url}/v1/who`, { headers: { origin, authorization: 'Bearer token-4' } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('access-control-expose-headers')).toContain('RateLimit')
    const refused = await fetch(`${at.url}/v1/who`, { headers: { origin } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin])
  })

  test('R9 what is answered to nobody’s page says that it depends on the page', async () => {
    const { headers } = await fetch(`${at.url}/v1/who`)
    expect([headers.get('vary'), headers.get('access-control-allow-origin')]).toEqual(['Origin', null])
  })

  test('R10 who gives no request id, or one that is none, is told the trace’s', async () => {
    for (const given of [{}, { 'x-request-id': 'a b' }]) {
      const { headers } = await fetch(`${at.url}/v1/who`, { headers: { ...given, authorization: 'Bearer token-1' } })
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
      expect(headers.get('x-request-id')).toBe(headers.get('x-trace-id'))
    }
  })

  test('R10 alive and ready are told; a request id comes back', async () => {
    expect((await fetch(`${at.url}/livez`)).status).toBe(200)
    expect((await fetch(`${at.url}/readyz`)).status).toBe(200)
    const answer = await fetch(`${at.url}/v1/who`, {
      headers: { 'x-request-id': 'abc-1', authorization: 'Bearer token-1' },
    })
    expect(answer.headers.get('x-request-id')).toBe('abc-1')
  })

  test('R5 an address that asks too much is told to wait', async () => {
    const small = await openTestGateway(5)
    const statuses: number[] = []
    for (let index = 0; index < 7; index++) statuses.push((await fetch(`${small.url}/v1/who`)).status)
    await small.gateway.close()
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
  })
})

import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'
import { createClient } from '@meydan/sdk'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FrontProxy, startProxy } from './proxy.ts'
import { describeWith } from './tools.ts'

const WAIT = { timeout: 15_000, interval: 50 }
/** Of the gateway, small enough to be met in a moment. */
const ADDRESS_LIMIT = 60
const MIB = 1024 * 1024

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A GET whose path goes out as it is written: fetch would tidy it. `from` is the caller's address. */
async function get(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  from = '127.0.0.1',
): Promise<Answer> {
  const { hostname, port, protocol } = new URL(url)
  const ask = protocol === 'https:' ? secureRequest : request
  const asked = ask({ hostname, port, path, headers, localAddress: from, rejectUnauthorized: false }).end()
  const answer: IncomingMessage = (await once(asked, 'response'))[0]
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

describeWith(['nginx', 'openssl'], 'nginx before two gateways', () => {
  let folder: string
  let database: TestDatabase
  let gateways: RunningPlatform[]
  let proxy: FrontProxy

  const startGateway = (secrets: string, node: string) =>
    startPlatform({
      MEYDAN_POSTGRES_URL: database.url,
      MEYDAN_POSTGRES_POOL: '6',
      MEYDAN_SECRETS: secrets,
      MEYDAN_NODE: node,
      MEYDAN_TRUST_PROXY: 'true',
      MEYDAN_ADDRESS_LIMIT: String(ADDRESS_LIMIT),
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meydan-proxy-'))
    const secrets = await writeSecrets(folder)
    database = await testDatabase('proxy')
    gateways = await Promise.all([startGateway(secrets, '1'), startGateway(secrets, '2')])
    proxy = await startProxy(gateways.map(({ url }) => url))
  })
  afterAll(async () => {
    await proxy?.stop()
    await Promise.all((gateways ?? []).map((gateway) => gateway.stop()))
    await database?.close()
    await rm(folder, { recursive: true })
  })

  test('A13 the API and the WebSocket work through it', async () => {
    const client = createClient({ url: proxy.url })
    await client.guest({ displayName: 'Ada' })
    await client.connect()
    expect(await client.call.players.me({})).toMatchObject({ displayName: 'Ada' })
    expect(client.state).toBe('open')
    client.close()
  })

  test('A13 the page is there, compressed; what is said to a player is not', async () => {
    const page = await get(proxy.url, '/app/', { 'accept-encoding': 'gzip' })
    expect(page.status).toBe(200)
    const script = /src="(\/app\/assets\/[^"]+\.js)"/.exec((await get(proxy.url, '/app/')).body)?.[1] ?? ''
    const compressed = await get(proxy.url, script, { 'accept-encoding': 'gzip' })
    expect([compressed.status, compressed.headers['content-encoding']]).toEqual([200, 'gzip'])
    const api = await get(proxy.url, '/openapi.json', { 'accept-encoding': 'gzip' })
    expect([api.status, api.headers['content-encoding']]).toEqual([200, undefined])
  })

  test.each(['polling', 'websocket'] as const)(
    'D2 Socket.IO clients stay each at one gateway (%s)',
    async (transport) => {
      const options = { transports: [transport], forceNew: true, reconnection: false }
      const clients = Array.from({ length: 8 }, () => io(proxy.url, options))
      try {
        // Each is an ask of its own when it is polled.
        for (let asked = 0; asked < 5; asked++) {
          const answers = clients.map((client) => client.timeout(5_000).emitWithAck('leaveRoom', { lobby_id: 1 }))
          expect(await Promise.all(answers)).toEqual(clients.map(() => 'Left room: 1'))
        }
      } finally {
        for (const client of clients) client.disconnect()
      }
    },
  )

  test('C10 metrics are nobody’s outside, however the path is written', async () => {
    expect((await fetch(`${gateways[0]?.url}/metrics`)).status).toBe(200)
    const paths = [
      '/metrics',
      '/metrics/',
      '/metrics?x=1',
      '//metrics',
      '/%6detrics',
      '/v1/../metrics',
      '/./metrics',
      '/METRICS',
      '/readyz',
    ]
    for (const path of paths) {
      const { status, body } = await get(proxy.url, path)
      expect([path, status]).toEqual([path, 404])
      expect(body).not.toContain('meydan_')
    }
  })

  test('C9 a caller counts as the address it comes from, whatever it says of itself', async () => {
    const statuses: (number | undefined)[] = []
    // Two gateways count each for themselves.
    for (let n = 0; n < 3 * ADDRESS_LIMIT; n++) {
      const headers = { 'x-forwarded-for': `10.0.0.${n}` }
      statuses.push((await get(proxy.url, '/v1/identity/keys', headers, '127.0.0.2')).status)
    }
    expect(statuses[0]).toBe(200)
    expect(statuses.at(-1)).toBe(429)
    expect((await get(proxy.url, '/v1/identity/keys', {}, '127.0.0.3')).status).toBe(200)
  })

  test('C9 a body larger than the gateway takes is refused before it gets there', async () => {
    const body = JSON.stringify({ displayName: 'x'.repeat(2 * MIB) })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${proxy.url}/v1/identity/guest`, { method: 'POST', body, headers })
    expect([answer.status, answer.headers.get('server')]).toEqual([413, 'nginx'])
  })

  test('TLS: the example for it works', async () => {
    const secure = await startProxy(
      gateways.map(({ url }) => url),
      { tls: true },
    )
    try {
      const answer = await get(secure.url, '/v1/identity/keys', {}, '127.0.0.4')
      expect(answer.status).toBe(200)
      expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
    } finally {
      await secure.stop()
    }
  })

  // The last: one gateway is gone afterwards.
  test('C1 a killed gateway is not noticed by who asks next, and its players come back by themselves', async () => {
    const clients = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const client = createClient({ url: proxy.url })
        await client.guest()
        await client.connect()
        return client
      }),
    )
    const lost = clients.map(
      (client) => new Promise<void>((resolve) => client.onState((state) => state !== 'open' && resolve())),
    )
    gateways[0]?.process.kill('SIGKILL')
    await Promise.race(lost)
    for (let n = 0; n < 10; n++) await createClient({ url: proxy.url }).guest()
    for (const client of clients) {
      await expect.poll(() => client.state, WAIT).toBe('open')
      expect(await client.call.players.me({})).toMatchObject({ playerId: client.player?.playerId })
      client.close()
    }
  })
})

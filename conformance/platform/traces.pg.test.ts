import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Collector, SPAN_KIND, startCollector } from './collector.ts'
import { freePort, type RunningPlatform, startPlatform, writeSecrets } from './index.ts'

const WAIT = { timeout: 15_000, interval: 50 }

let collector: Collector
let folder: string
let database: TestDatabase
let edge: RunningPlatform
let accounts: RunningPlatform
beforeAll(async () => {
  collector = await startCollector()
  folder = await mkdtemp(join(tmpdir(), 'meydan-traces-'))
  const secrets = await writeSecrets(folder)
  database = await testDatabase('traces')
  const meshPort = String(await freePort())
  const shared = { MEYDAN_OTLP_URL: collector.url, MEYDAN_SECRETS: secrets }
  ;[edge, accounts] = await Promise.all([
    startPlatform({
      ...shared,
      MEYDAN_NODE: '1',
      MEYDAN_ROLES: 'gateway',
      MEYDAN_MESH: `identity=http://127.0.0.1:${meshPort}`,
    }),
    startPlatform({
      ...shared,
      MEYDAN_NODE: '2',
      MEYDAN_ROLES: 'services:identity,players',
      MEYDAN_POSTGRES_URL: database.url,
      MEYDAN_MESH_PORT: meshPort,
    }),
  ])
})
afterAll(async () => {
  await Promise.all([edge?.stop(), accounts?.stop()])
  collector?.close()
  await database?.close()
  await rm(folder, { recursive: true })
})

test('C10 one trace crosses gateway, service and the consumer of the event, over two processes', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const outside = 'b7ad6b7169203331'
  const registered = await fetch(`${edge.url}/v1/identity/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${outside}-01` },
    body: '{}',
  })
  expect(registered.status).toBe(200)
  expect(registered.headers.get('x-trace-id')).toBe(traceId)

  const spans = () => collector.spansOf(traceId)
  await expect.poll(() => spans().length, WAIT).toBe(5)
  const named = (name: string) => spans().find((span) => span.name === name)
  const [gateway, link, service, consumer] = [
    spans().find(({ kind, process }) => kind === SPAN_KIND.server && process === 'node-1'),
    spans().find(({ kind }) => kind === SPAN_KIND.client),
    spans().find(
      ({ kind, process, name }) => kind === SPAN_KIND.server && process === 'node-2' && name === 'identity.guest',
    ),
    spans().find(({ kind }) => kind === SPAN_KIND.consumer),
  ]
  expect(gateway).toMatchObject({ name: 'gateway identity.guest', parentSpanId: outside })
  expect(link).toMatchObject({ name: 'identity.guest', process: 'node-1', parentSpanId: gateway?.spanId })
  expect(service).toMatchObject({ parentSpanId: link?.spanId })
  expect(named('players.welcome')).toMatchObject({ process: 'node-2', parentSpanId: service?.spanId })
  expect(consumer).toMatchObject({
    name: 'players.make-profile hears USER_CREATED',
    process: 'node-2',
    parentSpanId: service?.spanId,
  })
})

test('C10 a refusal shows on its spans', async () => {
  const refused = await fetch(`${edge.url}/v1/identity/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ credentials: { type: 'password', username: 'nobody', password: 'not a password' } }),
  })
  expect(refused.status).toBe(401)
  const traceId = refused.headers.get('x-trace-id')
  const types = () =>
    collector
      .spansOf(traceId ?? '')
      .map(({ attributes }) => attributes.find(({ key }) => key === 'error.type')?.value.stringValue)
  await expect.poll(types, WAIT).toEqual(['BAD_CREDENTIALS', 'BAD_CREDENTIALS', 'BAD_CREDENTIALS'])
})

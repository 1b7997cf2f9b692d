import { type RunningPlatform, startPlatform } from '@meydan/conformance/platform'
import { seededRandom } from '@meydan/contracts/core'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { nonsenseFrame, nonsenseRequest } from './index.ts'

/** Of each; a seed from outside repeats a run. */
const COUNT = Number(process.env.FUZZ_COUNT ?? 50_000)
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 0xffffffff)
const AT_ONCE = 20
/** A socket is closed after some ten bad frames; more would mostly be sent to nobody. */
const FRAMES_PER_SOCKET = 16

/** What a heap may keep of work that is over, before its next full collection. */
const GROWTH_MB_MAX = 150

let platform: RunningPlatform
/** After a first part of the work: what a process grows by until everything has run once is no leak. */
let warmMb = Number.NaN
beforeAll(async () => {
  platform = await startPlatform({ MEYDAN_ADDRESS_LIMIT: '10000000', MEYDAN_LIMIT_SCALE: '1000000' })
})
afterAll(() => platform.stop())

async function rssMb(): Promise<number> {
  const text = await (await fetch(`${platform.url}/metrics`)).text()
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1] ?? Number.NaN) / 2 ** 20
}

test(`REST: ${COUNT} nonsense requests end with a 4xx, never a 5xx (seed ${SEED})`, async () => {
  const random = seededRandom(SEED)
  const faults: string[] = []
  for (let sent = 0; sent < COUNT; sent += AT_ONCE) {
    if (Number.isNaN(warmMb) && sent >= COUNT / 5) warmMb = await rssMb()
    const batch = Array.from({ length: AT_ONCE }, () => nonsenseRequest(random))
    await Promise.all(
      batch.map(async ({ path, init }) => {
        const answer = await fetch(`${platform.url}${path}`, init)
        if (answer.status >= 500) faults.push(`${init.method} ${path}: ${answer.status} ${await answer.text()}`)
        else await answer.arrayBuffer()
      }),
    )
  }
  expect(faults).toEqual([])
}, 600_000)

test(`socket: ${COUNT} nonsense frames are refused, and players beside them notice nothing (seed ${SEED})`, async () => {
  const random = seededRandom(SEED + 1)
  const client = createClient({ url: platform.url })
  await client.guest({ displayName: 'Bystander' })
  await client.connect()
  const internal: string[] = []
  for (let sent = 0; sent < COUNT; sent += FRAMES_PER_SOCKET) {
    await new Promise<void>((resolve, reject) => {
      const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/v1/socket`, 'meydan.v2.json')
      socket.on('error', reject)
      socket.on('message', (data: Buffer) => {
        if (data.includes('"INTERNAL"')) internal.push(data.toString())
      })
      socket.on('close', () => resolve())
      socket.on('open', () => {
        if (random.float() < 0.9) socket.send('{"hello":{}}')
        for (let index = 0; index < FRAMES_PER_SOCKET; index++) socket.send(nonsenseFrame(random))
        socket.close()
      })
    })
  }
  expect(internal).toEqual([])
  expect(await client.call.matchmaking.status({})).toEqual({ state: 'idle' })
  client.close()
}, 600_000)

test('afterwards the platform is alive, has reported no error, and its memory is back to where it was', async () => {
  expect((await fetch(`${platform.url}/readyz`)).status).toBe(200)
  expect(platform.output()).not.toMatch(/error|unhandled/i)
  expect((await rssMb()) - warmMb).toBeLessThan(GROWTH_MB_MAX)
})

import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { serveParent } from '../measure/child.ts'
import { Asked, type Done, type Kind } from './messages.ts'

/** Those who ask over REST: an admin who gives, and a player who looks. */

const agent = new Agent({ keepAlive: true })
let turns = 0

function ask(method: 'GET' | 'POST', url: string, token: string, body?: object): Promise<void> {
  const text = body && JSON.stringify(body)
  const headers = { authorization: `Bearer ${token}`, ...(text && { 'content-type': 'application/json' }) }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${method} ${url} answered ${response.statusCode}: ${Buffer.concat(chunks).toString()}`))
      })
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

function askFor(kind: Kind, { url, admin, player, players }: Asked): Promise<void> {
  if (kind === 'read') return ask('GET', `${url}/v1/rewards`, player)
  const playerId = String(1 + (turns % players))
  return ask('POST', `${url}/v1/rewards`, admin, {
    playerId,
    type: kind,
    amount: 1,
    reason: 'bench',
    key: randomUUID(),
  })
}

async function run(asked: Asked): Promise<Done> {
  const { kinds, pace, seconds } = asked
  const eachMs: number[] = []
  const startMs = performance.now()
  const untilMs = startMs + seconds * 1_000
  const one = async (): Promise<void> => {
    const kind = kinds[turns++ % kinds.length] ?? 'read'
    const beganMs = performance.now()
    await askFor(kind, asked)
    eachMs.push(performance.now() - beganMs)
  }
  const onAndOn = async (): Promise<void> => {
    while (performance.now() < untilMs) await one()
  }
  if ('inFlight' in pace) await Promise.all(Array.from({ length: pace.inFlight }, onAndOn))
  else await atPace(one, pace.everyMs, untilMs)
  return { tookMs: performance.now() - startMs, eachMs }
}

/** A call that takes long holds up none that is due after it, as it would if one waited for it. */
async function atPace(one: () => Promise<void>, everyMs: number, untilMs: number): Promise<void> {
  const calls: Promise<void>[] = []
  for (let dueMs = performance.now(); dueMs < untilMs; dueMs += everyMs) {
    await delay(Math.max(0, dueMs - performance.now()))
    calls.push(one())
  }
  await Promise.all(calls)
}

serveParent(
  (message) => run(Asked.parse(message)),
  async () => agent.destroy(),
)

import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { serveParent } from '../measure/child.ts'
import { EntriesAsked, type EntriesDone, type Kind } from './messages.ts'

/** People who register and sign in over REST, so many at once, one after the other without a pause. */

const agent = new Agent({ keepAlive: true })
const PASSWORD = 'correct horse battery'
/** Sessions of one account are limited, so everybody who registered signs in before anybody does so again. */
const known = { device: [] as string[], password: [] as string[] }
let turns = 0

function credentialsOf(name: string, type: 'device' | 'password') {
  return type === 'device' ? { type, deviceId: name } : { type, username: name, password: PASSWORD }
}

async function enter(url: string, kind: Kind): Promise<void> {
  if (kind === 'guest') {
    await post(`${url}/v1/identity/guest`, {})
    return
  }
  const type = kind.endsWith('device') ? 'device' : 'password'
  if (kind.startsWith('register')) {
    const name = `b${randomBytes(12).toString('hex')}`
    await post(`${url}/v1/identity/register`, { credentials: credentialsOf(name, type) })
    known[type].push(name)
    return
  }
  const name = known[type][turns++ % known[type].length]
  if (name === undefined) throw new Error(`nobody has registered with a ${type} yet`)
  await post(`${url}/v1/identity/login`, { credentials: credentialsOf(name, type) })
}

function post(url: string, body: object): Promise<void> {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`POST ${url} answered ${response.statusCode}: ${Buffer.concat(chunks).toString()}`))
      })
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

async function run({ url, kind, inFlight, seconds }: EntriesAsked): Promise<EntriesDone> {
  const eachMs: number[] = []
  const startMs = performance.now()
  const untilMs = startMs + seconds * 1_000
  const one = async (): Promise<void> => {
    for (let beganMs = performance.now(); beganMs < untilMs; beganMs = performance.now()) {
      await enter(url, kind)
      eachMs.push(performance.now() - beganMs)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  return { count: eachMs.length, tookMs: performance.now() - startMs, eachMs }
}

serveParent(
  (message) => run(EntriesAsked.parse(message)),
  async () => agent.destroy(),
)

import { serveParent } from '../measure/child.ts'
import { LeanSocket } from './lean.ts'
import { ClientsAsked, type Counted, type OpenAsked, type Opened } from './messages.ts'
import { tokenOf } from './tokens.ts'

/** Many lean clients in one process: `node clients.ts <number of the process>`. */

const number = Number(process.argv[2] ?? 0)
/**
 * Where loopback is a whole network, a process has addresses of its own. A port stays taken for a minute after its connection, and Linux looks first
 * at a quarter of an address's 28,000: once those are taken, each look for a free one costs the load twenty times as much as connecting does.
 */
const ADDRESSES_EACH = 32
const addresses =
  process.platform === 'linux'
    ? Array.from({ length: ADDRESSES_EACH }, (_, index) => `127.0.${1 + number}.${1 + index}`)
    : [undefined]
/** The connections of a benchmark come in seconds; what takes longer is a server that does not answer. */
const OPEN_MS_MAX = 90_000
const REASONS_KEPT = 3

const sockets = new Set<LeanSocket>()
let pings = 0
const gone: string[] = []

async function hellosFor({ keys, first, count }: OpenAsked): Promise<string[]> {
  if (!keys) return Array.from({ length: count }, () => JSON.stringify({ hello: {} }))
  return Promise.all(
    Array.from({ length: count }, async (_, index) =>
      JSON.stringify({ hello: { token: await tokenOf(keys, first + index) } }),
    ),
  )
}

async function open(asked: OpenAsked): Promise<Opened> {
  const hellos = await hellosFor(asked)
  const welcomeMs: number[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(
    () => reject(new Error(`${hellos.length - welcomeMs.length} sockets had no welcome within ${OPEN_MS_MAX} ms`)),
    OPEN_MS_MAX,
  )
  let next = 0
  const begin = (): void => {
    const hello = hellos[next]
    if (hello === undefined) return
    const localAddress = addresses[next % addresses.length]
    next++
    const beganMs = performance.now()
    let welcome = false
    const socket = new LeanSocket({
      port: asked.port,
      localAddress,
      hello,
      onWelcome() {
        welcome = true
        welcomeMs.push(performance.now() - beganMs)
        if (asked.keep) sockets.add(socket)
        else socket.destroy()
        if (welcomeMs.length === hellos.length) resolve()
        else begin()
      },
      onPing: () => void pings++,
      onGone(reason) {
        if (!welcome) reject(new Error(`a socket had no welcome: ${reason}`))
        else if (sockets.delete(socket) && gone.length < REASONS_KEPT) gone.push(reason)
      },
    })
  }
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  for (let index = 0; index < asked.inFlight; index++) begin()
  await promise
  clearTimeout(timer)
  const { user, system } = process.cpuUsage(cpuBefore)
  return { tookMs: performance.now() - startMs, welcomeMs, cpuUs: user + system }
}

function close(): void {
  for (const socket of sockets) {
    sockets.delete(socket)
    socket.destroy()
  }
}

serveParent(
  async (message): Promise<Opened | Counted> => {
    const asked = ClientsAsked.parse(message)
    if (typeof asked === 'object') return open(asked.open)
    if (asked === 'close') close()
    return { open: sockets.size, pings, gone }
  },
  async () => close(),
)

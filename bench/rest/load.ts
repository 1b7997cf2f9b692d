import autocannon from 'autocannon'
import { serveParent } from '../measure/child.ts'
import { percentile, rounded } from '../measure/numbers.ts'
import { LoadAsked, type LoadDone } from './messages.ts'

const US_PER_S = 1e6

async function run({ url, token, connections, until }: LoadAsked): Promise<LoadDone> {
  const tookMs: number[] = []
  const startedMs = performance.now()
  const before = process.cpuUsage()
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>()
  const headers = { authorization: `Bearer ${token}` }
  const bound = 'seconds' in until ? { duration: until.seconds } : { amount: until.requests }
  const running = autocannon({ url, connections, headers, ...bound }, (error, result) =>
    error ? reject(error) : resolve(result),
  )
  // Its own percentiles are in whole milliseconds.
  running.on('response', (_client, _status, _bytes, responseMs) => void tookMs.push(responseMs))
  const result = await promise
  const tookS = (performance.now() - startedMs) / 1_000
  const { user, system } = process.cpuUsage(before)
  const failed = result.errors + result.timeouts + result.non2xx
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests to ${url} failed`)
  return {
    requests: result.requests.total,
    perS: Math.round(result.requests.total / result.duration),
    p50Ms: rounded(percentile(tookMs, 0.5)),
    p99Ms: rounded(percentile(tookMs, 0.99)),
    corePart: rounded((user + system) / US_PER_S / tookS),
  }
}

serveParent(
  (message) => run(LoadAsked.parse(message)),
  async () => undefined,
)

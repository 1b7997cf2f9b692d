import { expect, test } from 'vitest'
import { createLog, createMetrics, formatTraceparent, newTrace, parseTraceparent, sparing } from './index.ts'

function logged(pretty: boolean) {
  const lines: string[] = []
  const log = createLog({ level: 'info', pretty, name: 'test', write: (line) => lines.push(line) })
  return { log, lines }
}

test('K9 secrets do not reach the log, however they are passed', () => {
  const { log, lines } = logged(false)
  const secret = 'hunter2'
  log.info({ password: secret, headers: { authorization: secret, cookie: secret } }, 'one')
  log.warn({ input: { credentials: { type: 'password', password: secret } }, tokens: { accessToken: secret } }, 'two')
  log.child({ refreshToken: secret }).error({ a: { b: { c: { token: secret } } } }, 'three')
  expect(lines).toHaveLength(3)
  expect(lines.join('')).not.toContain(secret)
})

test('C10 a line says who speaks, and in which trace', () => {
  const { log, lines } = logged(false)
  log.child({ traceId: 'abc' }).info({ roomId: '42' }, 'room opened')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'test', traceId: 'abc', roomId: '42', msg: 'room opened' })
})

test('K9 for people a line is short and an error has its stack', () => {
  const { log, lines } = logged(true)
  log.info({ roomId: '42', seats: [1, 2] }, 'room opened')
  log.error({ err: new TypeError('odd') }, 'it broke')
  log.debug('not at this level')
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {2}room opened roomId=42 seats=\[1,2\]\n$/)
  expect(lines[1]).toMatch(/ERROR it broke\nTypeError: odd\n +at /)
  expect(lines).toHaveLength(2)
})

test('C10 what fails again and again is said once in half a minute, and then how often it was not', () => {
  const { log, lines } = logged(false)
  let nowMs = 0
  const said = sparing(log, () => nowMs)
  for (; nowMs < 30_000; nowMs += 1_000) said.warn('look', { job: 'look' }, 'a job failed')
  said.error('sweep', {}, 'another failed')
  said.warn('look', { job: 'look' }, 'a job failed')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'a job failed', job: 'look' },
    { msg: 'another failed' },
    { msg: 'a job failed', unsaid: 29 },
  ])
})

test('C10 metrics are written in the Prometheus format, and the same name twice is one metric', async () => {
  const metrics = createMetrics()
  metrics.counter('meydan_x_total', 'x', ['call'])(2, { call: 'a' })
  metrics.counter('meydan_x_total', 'x', ['call'])(1, { call: 'a' })
  metrics.gauge('meydan_y', 'y')(7)
  metrics.histogram('meydan_z_seconds', 'z', [0.1, 1])(0.5)
  let depth = 3
  metrics.observe('meydan_depth', 'depth', () => depth)
  depth = 4
  const text = await metrics.text()
  for (const line of [
    'meydan_x_total{call="a"} 3',
    'meydan_y 7',
    'meydan_z_seconds_bucket{le="1"} 1',
    'meydan_depth 4',
  ]) {
    expect(text).toContain(line)
  }
  expect(() => metrics.gauge('meydan_x_total', 'x')).toThrow('meydan_x_total is a counter already')
})

test('C10 the process tells its own: memory, CPU and event loop lag', async () => {
  const text = await createMetrics({ process: true }).text()
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds']) {
    expect(text).toContain(name)
  }
})

test('C10 trace contexts are unique, and survive being written and read', () => {
  const traces = Array.from({ length: 1_000 }, newTrace)
  expect(new Set(traces.map(({ traceId }) => traceId)).size).toBe(1_000)
  for (const trace of traces) expect(parseTraceparent(formatTraceparent(trace))).toEqual(trace)
  for (const bad of ['', '00-0-0-01', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`, `01-${'1'.repeat(32)}-1-00`]) {
    expect(parseTraceparent(bad)).toBeNull()
  }
})

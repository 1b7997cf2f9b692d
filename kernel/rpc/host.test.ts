import { contract, query } from '@meydan/contracts/core'
import { expect, test, vi } from 'vitest'
import { createLog, createMetrics } from '../telemetry/index.ts'
import { systemClock } from '../time/index.ts'
import { type AnyService, type BuiltParts, bareKit, createHost, type Job, openContext, service } from './index.ts'

const lines: string[] = []
const log = createLog({ level: 'debug', pretty: false, name: 'test', write: (line) => lines.push(line) })
const tick = contract('tick', { now: query({ summary: 'Now', auth: 'public' }) })
const tock = contract('tock', { now: query({ summary: 'Now', auth: 'public' }) })

function tickService(parts: BuiltParts = {}) {
  return service({ contract: tick, calls: {}, build: () => ({ handlers: { now: async () => ({}) }, ...parts }) })
}

async function hosting(...services: AnyService[]) {
  const metrics = createMetrics()
  const parts = { log, metrics, clock: systemClock }
  const host = await createHost({ services, kit: () => bareKit(parts), freeze: true, ...parts })
  return { host, metrics }
}

test('K10 a job never runs twice at once, and its signal ends it when the host stops', async () => {
  let running = 0
  let most = 0
  let runs = 0
  const third = Promise.withResolvers<void>()
  const job: Job = {
    name: 'count',
    everyMs: 1,
    async run(signal) {
      most = Math.max(most, ++running)
      if (++runs === 3) {
        third.resolve()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
      running--
    },
  }
  const { host } = await hosting(tickService({ jobs: [job] }))
  await host.start()
  await third.promise
  await host.drain(1_000)
  expect({ most, running, runs }).toEqual({ most: 1, running: 0, runs: 3 })
  await host.stop()
})

test('K10 a job that fails is logged, counted and run again', async () => {
  const again = Promise.withResolvers<void>()
  let runs = 0
  const run = async () => {
    if (++runs > 1) again.resolve()
    throw new Error('the job broke')
  }
  const { host, metrics } = await hosting(tickService({ jobs: [{ name: 'break', everyMs: 1, run }] }))
  await host.start()
  await again.promise
  await host.stop()
  expect(lines.join('')).toContain('the job broke')
  expect(await metrics.text()).toMatch(/meydan_job_failures_total\{job="tick\.break"\} [1-9]/)
})

test('K2 more calls at once than a process can hold are turned away, and draining waits for those that run', async () => {
  const gate = Promise.withResolvers<Record<never, never>>()
  const { contract: declared, calls } = tickService()
  const { host } = await hosting({
    contract: declared,
    calls,
    build: () => ({ handlers: { now: () => gate.promise } }),
  })
  const context = openContext({ caller: { kind: 'anonymous', address: '192.0.2.1' }, clock: systemClock, log })
  const held = Array.from({ length: 10_000 }, () => host.call('tick.now', {}, context))
  await expect(host.call('tick.now', {}, context)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterS: 1 })
  let drained = false
  const draining = host.drain(5_000).then(() => {
    drained = true
  })
  await host.dispatch('tick', 'nothing', {}, context).catch((error: Error) => error)
  expect(drained).toBe(false)
  gate.resolve({})
  await Promise.all(held)
  await draining
})

test('K1 a host hands out its services’ listeners and starts, drains and stops them', async () => {
  const steps: string[] = []
  const start = vi.fn(async () => void steps.push('start'))
  const drain = vi.fn(async (withinMs: number) => void steps.push(`drain ${withinMs}`))
  const stop = vi.fn(async () => void steps.push('stop'))
  const { host } = await hosting(tickService({ start, drain, stop }))
  expect(host.contracts).toEqual([tick])
  expect(host.own('tick')).toBe(tick)
  expect(host.own('tock')).toBeUndefined()
  await host.start()
  await host.drain(70)
  await host.stop()
  expect(steps).toEqual(['start', 'drain 70', 'stop'])
})

test('K1 a service that calls what nobody answers for is a mistake found at the start', async () => {
  const lost = service({
    contract: tick,
    calls: { tock },
    build: ({ call }) => ({ handlers: { now: (_input, context) => call.tock.now({}, context) } }),
  })
  await expect(hosting(lost)).rejects.toThrow('tick calls tock, which neither this process nor another one answers for')
})

test('K1 a service without a handler for a procedure is a mistake found at the start', async () => {
  const { contract: declared, calls } = tickService()
  const hollow: AnyService = { contract: declared, calls, build: () => ({ handlers: {} }) }
  await expect(hosting(hollow)).rejects.toThrow('tick has no handler for now')
})

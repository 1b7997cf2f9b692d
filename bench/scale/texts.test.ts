import { createMetrics } from '@meydan/kernel/telemetry'
import { expect, test } from 'vitest'
import { between, perUnit, type Reading } from './reading.ts'
import { answersOf, commandsAsked, redisInfo, ticksIn } from './texts.ts'

test('INFO gives bytes, CPU time and each command’s calls', () => {
  const text =
    '# Stats\r\ntotal_net_input_bytes:120\r\ntotal_net_output_bytes:30\r\nused_cpu_sys:0.250001\r\nused_cpu_user:1.5\r\nused_cpu_sys_children:9.0\r\n# Commandstats\r\n' +
    'cmdstat_set:calls=12,usec=30,usec_per_call=2.50,rejected_calls=0,failed_calls=0\r\ncmdstat_client|list:calls=1,usec=3\r\n'
  expect(redisInfo(text)).toEqual({
    redis: { bytesIn: 120, bytesOut: 30 },
    commands: { set: 12, 'client|list': 1 },
    cpuUs: 1_750_001,
  })
})

test('ticks, calls and commands are read out of what the platform’s own metrics write', async () => {
  const metrics = createMetrics()
  const late = metrics.histogram('meydan_tick_lateness_seconds', 'How late ticks ran', [0.001, 0.002, 0.004])
  for (const seconds of [0.0005, 0.002, 0.003, 0.05]) late(seconds)
  metrics.observe('meydan_ticks_missed', 'Ticks skipped', () => 3)
  const asked = metrics.counter('meydan_redis_commands_total', 'Commands', ['command', 'code'])
  asked(5, { command: 'set', code: 'OK' })
  asked(1, { command: 'set', code: 'UNAVAILABLE' })
  metrics.counter('meydan_calls_total', 'Calls', ['call', 'code'])(7, { call: 'rooms.open', code: 'OK' })
  const text = await metrics.text()
  expect(ticksIn(text)).toEqual({ ran: 4, clean: 2, missed: 3 })
  expect(commandsAsked([text, text])).toEqual({ set: 12 })
  expect(answersOf(text, 'rooms.open')).toBe(7)
  expect(answersOf(text, 'rooms.seat')).toBe(0)
})

const NONE = { cpuUs: {}, asked: {}, commands: {}, redis: {}, postgres: {}, lines: {} }

test('what one takes is what was used, less what would have been used anyway, by how many there were', () => {
  const before: Reading = { ...NONE, atMs: 1_000, cpuUs: { gateway: 500 }, asked: { set: 10 } }
  const after: Reading = { ...NONE, atMs: 3_000, cpuUs: { gateway: 2_500 }, asked: { set: 10, get: 8 } }
  const used = between(before, after)
  expect(used).toMatchObject({ seconds: 2, cpuUs: { gateway: 2_000 }, asked: { set: 0, get: 8 } })
  const floor = { ...NONE, cpuUs: { gateway: 400 } }
  expect(perUnit(used, 10, floor)).toMatchObject({ cpuUs: { gateway: 120 }, asked: { get: 0.8 } })
})

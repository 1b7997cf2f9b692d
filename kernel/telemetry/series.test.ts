import { expect, test } from 'vitest'
import { CounterFamily, HistogramFamily } from './series.ts'

test('C10 a histogram tells how many were at or below each bound, all of them, and their sum', () => {
  const histogram = new HistogramFamily('meydan_wait_seconds', 'Waiting', [0.1, 1], ['call'])
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value, { call: 'a.b' })
  expect(histogram.text()).toBe(`# HELP meydan_wait_seconds Waiting
# TYPE meydan_wait_seconds histogram
meydan_wait_seconds_bucket{le="0.1",call="a.b"} 2
meydan_wait_seconds_bucket{le="1",call="a.b"} 3
meydan_wait_seconds_bucket{le="+Inf",call="a.b"} 4
meydan_wait_seconds_sum{call="a.b"} 7.65
meydan_wait_seconds_count{call="a.b"} 4
`)
})

test('C10 what has no labels is told from the start, what has them once there is something to tell', () => {
  expect(new CounterFamily('meydan_a_total', 'a', []).text()).toContain('meydan_a_total 0\n')
  expect(new CounterFamily('meydan_a_total', 'a', ['call']).text()).toBe(
    '# HELP meydan_a_total a\n# TYPE meydan_a_total counter\n',
  )
})

test('C10 whatever stands in a label, the text stays readable', () => {
  const counter = new CounterFamily('meydan_b_total', 'b', ['call', 'code'])
  counter.add(2, { call: 'say "hi"\\\n', code: 'OK' })
  expect(counter.text()).toContain('meydan_b_total{call="say \\"hi\\"\\\\\\n",code="OK"} 2\n')
})

test('C10 a counter never counts down, nothing counts what is no number, and no label is made up', () => {
  const counter = new CounterFamily('meydan_c_total', 'c', ['call'])
  expect(() => counter.add(-1, { call: 'a' })).toThrow('only counts up')
  expect(() => counter.add(1, { caller: 'a' })).toThrow("no label 'caller'")
  expect(() => new HistogramFamily('meydan_d', 'd', [1], []).observe(Number.NaN, undefined)).toThrow('cannot observe')
})

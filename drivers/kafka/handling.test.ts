import { createGate, type Envelope, type Failure } from '@meydan/kernel/events'
import { systemClock } from '@meydan/kernel/time'
import { expect, test, vi } from 'vitest'
import { createHandling } from './handling.ts'
import type { Retry } from './records.ts'

const failure: Failure = { error: new Error('cannot'), text: 'cannot' }
const event = (id: string, key = 'k'): Envelope => ({
  id,
  name: 'SAID',
  version: 1,
  key,
  data: null,
  at: '2026-01-01T00:00:00.000Z',
  source: 'test',
})

/** A handling whose retry topic is a list, and whose listener fails at the given events. */
function handling(failing: Set<string>, retries = 1) {
  const log: string[] = []
  const postponed: Retry[] = []
  const ending = new AbortController()
  const it = createHandling({
    retry: { retries, delayS: 0, delayMaxS: 0 },
    clock: systemClock,
    said: { warn: () => undefined, error: () => undefined },
    signal: ending.signal,
    places: createGate(4),
    async attempt({ id }) {
      log.push(id)
      return failing.has(id) ? failure : undefined
    },
    postpone: async (entry) => void postponed.push(entry),
    bury: async ({ id }) => void log.push(`${id} buried`),
  })
  return { ...it, log, postponed, ending }
}

test('E8 behind an event in the retry topic the later ones of its key line up there, untried', async () => {
  const { hear, log, postponed } = handling(new Set(['1']))
  for (const id of ['1', '2', '3']) expect(await hear(event(id))).toBe(true)
  expect(await hear(event('4', 'other'))).toBe(true)
  expect(log).toEqual(['1', '4'])
  expect(postponed.map(({ envelope, attempts }) => [envelope.id, attempts])).toEqual([
    ['1', 1],
    ['2', 0],
    ['3', 0],
  ])
})

test('E8 when the last of them is done, a key is handled as it comes again', async () => {
  const { hear, hearAgain, log, postponed } = handling(new Set(['1']))
  for (const id of ['1', '2']) await hear(event(id))
  for (const entry of postponed.splice(0)) expect(await hearAgain(entry)).toBe(true)
  expect(await hear(event('3'))).toBe(true)
  expect(log).toEqual(['1', '1', '1 buried', '2', '3'])
  expect(postponed).toEqual([])
})

test('E5 what the last owner put into the retry topic and did not note is not put there twice', async () => {
  const { hear, hearAgain, log, postponed } = handling(new Set())
  // Due in an hour: what is left of it is known, and it is not tried yet.
  const again = hearAgain({ envelope: event('1'), attempts: 1, dueMs: Date.now() + 3_600_000 })
  expect(await hear(event('1'))).toBe(true)
  expect(await hearAgain({ envelope: event('1'), attempts: 1, dueMs: 0 })).toBe(true)
  expect(await hear(event('2'))).toBe(true)
  expect(log).toEqual([])
  expect(postponed.map(({ envelope }) => envelope.id)).toEqual(['2'])
  void again
})

test('E10 when it ends nothing more is begun, and what was not is not done', async () => {
  const { hear, hearAgain, log, ending } = handling(new Set())
  const waits = hearAgain({ envelope: event('1'), attempts: 1, dueMs: Date.now() + 3_600_000 })
  ending.abort()
  expect(await waits).toBe(false)
  expect(await hear(event('2'))).toBe(false)
  expect(log).toEqual([])
})

test('E10 when it ends, what waits for its turn among other keys is not begun either', async () => {
  const begun: string[] = []
  const ending = new AbortController()
  const first = Promise.withResolvers<undefined>()
  const { hear } = createHandling({
    retry: { retries: 0, delayS: 0, delayMaxS: 0 },
    clock: systemClock,
    said: { warn: () => undefined, error: () => undefined },
    signal: ending.signal,
    places: createGate(1),
    attempt: ({ id }) => {
      begun.push(id)
      return first.promise
    },
    postpone: async () => undefined,
    bury: async () => undefined,
  })
  const all = Promise.all([hear(event('1', 'a')), hear(event('2', 'b'))])
  await vi.waitFor(() => expect(begun).toEqual(['1']))
  ending.abort()
  first.resolve(undefined)
  expect(await all).toEqual([true, false])
})

test('C6 E7 a dead letter that cannot be stored is insisted on before its key goes on', async () => {
  const log: string[] = []
  let away = true
  const { hear } = createHandling({
    retry: { retries: 0, delayS: 0, delayMaxS: 0 },
    clock: systemClock,
    said: { warn: () => void log.push('away'), error: () => undefined },
    signal: new AbortController().signal,
    places: createGate(4),
    attempt: async ({ id }) => {
      log.push(id)
      return id === '1' ? failure : undefined
    },
    postpone: async () => undefined,
    bury: async () => {
      if (away) throw new Error('no broker')
      log.push('buried')
    },
  })
  const both = Promise.all([hear(event('1')), hear(event('2'))])
  await vi.waitFor(() => expect(log).toContain('away'))
  away = false
  expect(await both).toEqual([true, true])
  expect(log.filter((line) => line !== 'away')).toEqual(['1', 'buried', '2'])
})

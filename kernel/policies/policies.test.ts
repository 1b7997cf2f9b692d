import { expect, test } from 'vitest'
import { guard, retrying } from './index.ts'

const broken = new Error('broken')
const options = { openMax: 2, failuresMax: 3, openForMs: 30, isBreakage: (error: unknown) => error === broken }
const failing = () => Promise.reject(broken)

test('K7 more work at once than allowed is refused, not queued', async () => {
  const guarded = guard(options)
  const gate = Promise.withResolvers<string>()
  const running = [guarded.run(() => gate.promise), guarded.run(() => gate.promise)]
  await expect(guarded.run(async () => 'third')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  gate.resolve('done')
  await expect(Promise.all(running)).resolves.toEqual(['done', 'done'])
  await expect(guarded.run(async () => 'fourth')).resolves.toBe('fourth')
})

test('K7 failures in a row open the breaker; what is no breakage does not', async () => {
  const states: string[] = []
  const guarded = guard({ ...options, onState: (state) => states.push(state) })
  for (let call = 0; call < 5; call++) {
    await expect(guarded.run(() => Promise.reject(new Error('an honest no')))).rejects.toThrow('an honest no')
  }
  expect(guarded.state).toBe('closed')
  for (let call = 0; call < 3; call++) await expect(guarded.run(failing)).rejects.toThrow('broken')
  expect(guarded.state).toBe('open')
  let asked = false
  const refused = guarded.run(async () => {
    asked = true
  })
  await expect(refused).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterS: 1 })
  expect(asked).toBe(false)
  await expect.poll(() => guarded.run(async () => 'back').catch(() => 'away'), { interval: 10 }).toBe('back')
  expect(states).toEqual(['open', 'half-open', 'closed'])
})

test('K7 only what is worth it is tried again, and only so often', async () => {
  const retry = retrying({ againMax: 2, firstDelayMs: 1, delayMsMax: 2, isWorthwhile: (error) => error === broken })
  let tries = 0
  const count = (error: Error) => async () => {
    tries++
    throw error
  }
  const { signal } = new AbortController()
  await expect(retry.run(count(broken), signal)).rejects.toThrow('broken')
  expect(tries).toBe(3)
  await expect(retry.run(count(new Error('an honest no')), signal)).rejects.toThrow('an honest no')
  expect(tries).toBe(4)
})

test('K7 nothing is tried again once the caller has gone', async () => {
  const retry = retrying({ againMax: 50, firstDelayMs: 5, delayMsMax: 5, isWorthwhile: () => true })
  const caller = new AbortController()
  let tries = 0
  const work = async () => {
    if (++tries === 2) caller.abort()
    throw broken
  }
  await expect(retry.run(work, caller.signal)).rejects.toThrow()
  expect(tries).toBe(2)
})

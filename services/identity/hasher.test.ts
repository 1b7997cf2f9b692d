import { parseOptions } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { ARGON2ID, argonHasher, bounded, NOBODYS_HASH } from './hasher.ts'

test('I3 passwords are kept as argon2id with the parameters named here, and checked against it', async () => {
  const hasher = argonHasher()
  const hash = await hasher.hash('correct horse')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(hash).not.toBe(await hasher.hash('correct horse'))
  expect(await hasher.verify(hash, 'correct horse')).toBe(true)
  expect(await hasher.verify(hash, 'wrong horse')).toBe(false)
})

test('I6 the hash that unknown users are checked against costs what a known user’s does', () => {
  expect(parseOptions(NOBODYS_HASH)).toMatchObject({ ...ARGON2ID, outputLen: 32, saltLen: 16 })
})

test('I6 the main thread goes on while passwords are hashed', async () => {
  const hasher = argonHasher()
  let turns = 0
  let hashing = true
  const spin = () => {
    turns++
    if (hashing) setImmediate(spin)
  }
  setImmediate(spin)
  await Promise.all([1, 2, 3, 4].map((number) => hasher.hash(`password ${number}`)))
  hashing = false
  expect(turns, 'turns of the event loop while four hashes were made').toBeGreaterThan(100)
})

test('I7 only so many hashes run at once, so many wait, and more are told to come back', async () => {
  const turn = bounded(2, 3)
  const gates: (() => void)[] = []
  let running = 0
  let runningMost = 0
  const work = async () => {
    runningMost = Math.max(runningMost, ++running)
    await new Promise<void>((resolve) => gates.push(resolve))
    running--
  }
  const jobs = [1, 2, 3, 4, 5].map(() => turn(work))
  await expect(turn(work)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterS: 2 })
  for (let done = 0; done < jobs.length; done++) {
    await expect.poll(() => gates.length).toBeGreaterThan(0)
    gates.shift()?.()
  }
  await Promise.all(jobs)
  expect(runningMost).toBe(2)
  await expect(turn(async () => 'free again')).resolves.toBe('free again')
})

test('I7 a piece of work that fails gives its place back', async () => {
  const turn = bounded(1, 1)
  await expect(turn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await expect(turn(async () => 1)).resolves.toBe(1)
})

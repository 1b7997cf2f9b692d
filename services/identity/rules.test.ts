import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ADDRESS_LIMIT,
  addressBucket,
  blockMs,
  generatedPasswordHash,
  generatedUsername,
  isGeneratedPassword,
  linkKey,
  NAME_LIMIT,
  NOBODYS_GENERATED_HASH,
  normalPassword,
  readGeneratedUsername,
  refreshExpiryMs,
  SESSION_IDLE_MS_MAX,
  SESSION_MS_MAX,
  storableNote,
} from './rules.ts'

test('I2 spellings that differ in case are one login; the label keeps the spelling', () => {
  const one = linkKey({ type: 'email', email: 'Ada@Example.com', password: 'irrelevant' })
  const other = linkKey({ type: 'email', email: 'ada@example.COM', password: 'irrelevant' })
  expect(one.lookup).toBe(other.lookup)
  expect(one.label).toBe('Ada@Example.com')
  expect(linkKey({ type: 'password', username: 'ADA', password: 'irrelevant' }).lookup).toBe('ada')
})

test("I3 a device's secret is not kept", () => {
  const key = linkKey({ type: 'device', deviceId: 'a-secret-of-a-device' })
  expect(`${key.lookup} ${key.label}`).not.toContain('secret')
  expect(key.lookup).toMatch(/^[0-9a-f]{64}$/)
})

test('I3 a generated password is kept as a hash of itself, which it alone fits', () => {
  const kept = generatedPasswordHash('n0t-a-real-one')
  expect(kept).not.toContain('n0t')
  expect(isGeneratedPassword(kept, 'n0t-a-real-one')).toBe(true)
  expect(isGeneratedPassword(kept, 'N0t-a-real-one')).toBe(false)
  expect(isGeneratedPassword(NOBODYS_GENERATED_HASH, '')).toBe(false)
  expect(isGeneratedPassword('$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 'n0t-a-real-one')).toBeUndefined()
})

test('I3 a password typed on two keyboards is one password', () => {
  expect(normalPassword('pa\u0301ssword')).toBe(normalPassword('p\u00e1ssword'))
  expect(normalPassword('\uff11\uff12\uff13')).toBe('123')
})

test('I4 a generated username is read in any spelling somebody may say or type', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (random) => {
      const name = generatedUsername(random)
      const misread = ` ${name.toUpperCase().replaceAll('0', 'O').replaceAll('1', 'l')} `
      return readGeneratedUsername(name) === name && readGeneratedUsername(misread) === name
    }),
  )
  for (const other of ['ada', 'm.short', 'm.4k7qz9-0tw3x!', '', 'm.4k7qz9-0tw3xa1']) {
    expect(readGeneratedUsername(other)).toBeNull()
  }
})

test('I7 failures at a name cost nothing at first, then twice as long each time, up to a bound', () => {
  const waits = Array.from({ length: 30 }, (_, index) => blockMs(index + 1, NAME_LIMIT))
  expect(waits.slice(0, 7)).toEqual([0, 0, 0, 0, 1_000, 2_000, 4_000])
  expect(waits.at(-1)).toBe(NAME_LIMIT.blockMsMax)
  expect(blockMs(100_000, ADDRESS_LIMIT)).toBe(ADDRESS_LIMIT.blockMsMax)
})

test('I7 an IPv6 subscriber is counted as one, however many addresses it uses', () => {
  expect(addressBucket('2001:db8:1:2::1')).toBe('2001:db8:1:2::/64')
  expect(addressBucket('2001:0DB8:1:2:aaaa:bbbb:cccc:dddd')).toBe('2001:db8:1:2::/64')
  expect(addressBucket('2001:db8::1')).toBe('2001:db8:0:0::/64')
  expect(addressBucket('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  expect(addressBucket('::1')).toBe('0:0:0:0::/64')
  expect(addressBucket('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(addressBucket('192.0.2.7')).toBe('192.0.2.7')
  expect(addressBucket('unknown')).toBe('unknown')
})

test('I5 a refresh token ends by idleness, and never after its session', () => {
  expect(refreshExpiryMs(0, SESSION_MS_MAX)).toBe(SESSION_IDLE_MS_MAX)
  expect(refreshExpiryMs(SESSION_MS_MAX - 1_000, SESSION_MS_MAX)).toBe(SESSION_MS_MAX)
})

test('C9 whatever software says of itself can be stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.nat(300), (text, at) => {
      const note = storableNote(`${text.slice(0, at)}\0\ud800${text.slice(at)}`)
      return note.isWellFormed() && !note.includes('\0') && note.length <= 256
    }),
  )
})

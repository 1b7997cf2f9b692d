import { createHash, timingSafeEqual } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Credentials } from '@meydan/contracts/identity'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS

export const ACCESS_MS = 15 * MINUTE_MS
/** A member of staff has this long to look, and states a reason again for more. */
export const SUPPORT_MS = 15 * MINUTE_MS
/** A session ends after this long, however much it is used. */
export const SESSION_MS_MAX = 180 * DAY_MS
/** A session ends when it has not been refreshed for this long. */
export const SESSION_IDLE_MS_MAX = 60 * DAY_MS
/** One more session ends the one that was used longest ago. */
export const SESSIONS_MAX = 20
/** How long a used refresh token is remembered as used. An older one is refused all the same, but no longer ends its session. */
export const USED_TOKEN_KEPT_MS = 7 * DAY_MS
/** How long the row of a session that is over stays. */
export const ENDED_SESSION_KEPT_MS = 7 * DAY_MS

/** How a way into an account is found and shown. */
export interface LinkKey {
  readonly type: Credentials['type']
  /** Equal for all spellings that mean the same login. */
  readonly lookup: string
  /** As the player wrote it; nothing secret. */
  readonly label: string
}

/** Usernames and e-mail addresses are ASCII by contract, so lower case is all that tells spellings apart. */
export function linkKey(credentials: Credentials): LinkKey {
  switch (credentials.type) {
    case 'password':
      return { type: 'password', lookup: credentials.username.toLowerCase(), label: credentials.username }
    case 'email':
      return { type: 'email', lookup: credentials.email.toLowerCase(), label: credentials.email }
    case 'device':
      return { type: 'device', lookup: sha256(credentials.deviceId).toString('hex'), label: 'device' }
  }
}

/** One password typed on two keyboards can arrive as different code points; NFKC makes them one (NIST SP 800-63B §5.1.1.2). */
export function normalPassword(password: string): string {
  return password.normalize('NFKC')
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}

/** What a generated password is kept as begins so; anything else is for the hasher of people's passwords. */
const GENERATED_HASH = 'sha256$'
/** The hash of no password anybody has: an unknown name is checked against it. */
export const NOBODYS_GENERATED_HASH = `${GENERATED_HASH}${Buffer.alloc(32).toString('base64url')}`

/**
 * What is kept of a generated password. Stretching protects what people think up; 192 random bits are beyond guessing either way, and
 * stretching them would take as long as all else of a registration some ten times over.
 */
export function generatedPasswordHash(password: string): string {
  return `${GENERATED_HASH}${sha256(password).toString('base64url')}`
}

/** Undefined when it was not kept by `generatedPasswordHash`: accounts made before version 0.2 have theirs from the hasher. */
export function isGeneratedPassword(hash: string, password: string): boolean | undefined {
  if (!hash.startsWith(GENERATED_HASH)) return undefined
  const kept = Buffer.from(hash.slice(GENERATED_HASH.length), 'base64url')
  return timingSafeEqual(kept, sha256(password))
}

/** Crockford's base 32: no i, l, o, u, so that a name survives being read out on the phone. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const GENERATED = /^m\.[0-9a-hjkmnp-tv-z]{6}-[0-9a-hjkmnp-tv-z]{6}$/
export const GENERATED_USERNAME_BYTES = 12
/** 192 bits. */
export const GENERATED_PASSWORD_BYTES = 24

/** `m.4k7qz9-0tw3xa` from 12 random bytes, five bits of each. */
export function generatedUsername(random: Uint8Array): string {
  const letters = Array.from(random.subarray(0, GENERATED_USERNAME_BYTES), (byte) => ALPHABET.charAt(byte & 31)).join(
    '',
  )
  return `m.${letters.slice(0, 6)}-${letters.slice(6)}`
}

/** The generated username that was meant, when the text is one in any spelling; else null. */
export function readGeneratedUsername(text: string): string | null {
  const plain = text.trim().toLowerCase().replaceAll('o', '0').replaceAll(/[il]/g, '1').replaceAll('u', 'v')
  return GENERATED.test(plain) ? plain : null
}

export interface AttemptLimit {
  /** Attempts without success before waiting begins. */
  readonly free: number
  /** The wait after the first attempt that is not free; it doubles from there. */
  readonly blockMsFirst: number
  /** Bounds what somebody can do to another's account by failing on purpose. */
  readonly blockMsMax: number
}

/** For one login name, known or not, from anywhere. */
export const NAME_LIMIT: AttemptLimit = { free: 5, blockMsFirst: SECOND_MS, blockMsMax: 15 * MINUTE_MS }
/** For one address, over all names. A school or an office may share one. */
export const ADDRESS_LIMIT: AttemptLimit = { free: 40, blockMsFirst: SECOND_MS, blockMsMax: MINUTE_MS }
/** Failures are forgotten this long after the first of them. */
export const ATTEMPTS_KEPT_MS = DAY_MS

/** How long to wait after the n-th attempt without success, in ms; 0 while attempts are free. */
export function blockMs(attempt: number, limit: AttemptLimit): number {
  if (attempt < limit.free) return 0
  return Math.min(limit.blockMsMax, limit.blockMsFirst * 2 ** (attempt - limit.free))
}

const IPV4_MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i
const IPV6_GROUPS = 8
const IPV6_NETWORK_GROUPS = 4

/** What attempts are counted under: an IPv4 address itself, an IPv6 address's /64, since one subscriber has all of it. */
export function addressBucket(address: string): string {
  const mapped = IPV4_MAPPED.exec(address)?.[1]
  if (mapped) return mapped
  const bare = address.split('%')[0] ?? address
  if (!isIPv6(bare)) return address
  const [head = '', tail] = bare.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, IPV6_GROUPS - left.length - right.length) }, () => '0')
  const network = [...left, ...zeros, ...right].slice(0, IPV6_NETWORK_GROUPS)
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

/** When the next refresh token of a session ends: by idleness, but never after the session itself. Milliseconds since 1970. */
export function refreshExpiryMs(nowMs: number, sessionExpiresMs: number): number {
  return Math.min(nowMs + SESSION_IDLE_MS_MAX, sessionExpiresMs)
}

const NOTE_LENGTH_MAX = 256

/** What a caller's software says of itself, fit to be stored. */
export function storableNote(text: string): string {
  return text.replaceAll('\0', '').toWellFormed().slice(0, NOTE_LENGTH_MAX).toWellFormed()
}

import { core, Id, ROLES, type Role } from '@meydan/contracts/core'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { type Clock, systemClock } from '../time/index.ts'

/** What every access token of Meydan says of itself. `typ` follows RFC 9068, so that no other JWT of the same key passes for one. */
export const ACCESS_TOKEN = { alg: 'EdDSA', typ: 'at+jwt', issuer: 'meydan' } as const

/** The claims of an access token. `act` (RFC 8693) names the member of staff who entered the account for a check. */
export const AccessClaims = z.object({
  sub: Id,
  sid: Id,
  roles: z.array(z.enum(ROLES)),
  act: z.object({ sub: Id }).optional(),
  exp: z.number().int(),
})

/** The public keys that access tokens are verified with, as a JSON Web Key Set (RFC 7517). */
export type PublicKeys = JSONWebKeySet

/** Whose token it is. */
export interface TokenOwner {
  readonly playerId: Id
  readonly sessionId: Id
  readonly roles: readonly Role[]
  /** The member of staff who holds the token instead of the player. */
  readonly actorId?: Id
  /** Wall time in ms since 1970, after which the token is not valid. */
  readonly expiresAtMs: number
}

/** Longer texts are no tokens of ours, and are not parsed. */
const TOKEN_LENGTH_MAX = 4_096
/** Verified tokens remembered, about 1 KiB each. A signature takes some 0.1 ms to check, more than the rest of a small call. */
const REMEMBERED_MAX = 10_000

/** Answers at once for a token it has seen: a promise and two turns of the queue would cost each request half a microsecond. */
export type TokenVerifier = (token: string) => TokenOwner | Promise<TokenOwner>

/**
 * Makes a check of access tokens against a set of public keys; it asks nobody. Several keys may be in the set: one
 * signs, the others end with the tokens they signed. The check rejects with UNAUTHENTICATED, whose `details.reason` is
 * `expired` (refresh and try again) or `invalid`.
 */
export function tokenVerifier(keys: PublicKeys, clock: Clock = systemClock): TokenVerifier {
  const keyOf = createLocalJWKSet(keys)
  const remembered = new Map<string, TokenOwner>()

  return (token) => {
    const known = remembered.get(token)
    if (known === undefined) return checkAndRemember(token)
    if (known.expiresAtMs > clock.now()) return known
    remembered.delete(token)
    return Promise.reject(expired())
  }

  async function checkAndRemember(token: string): Promise<TokenOwner> {
    const owner = await check(token)
    if (remembered.size >= REMEMBERED_MAX) forgetOldest(remembered)
    remembered.set(token, owner)
    return owner
  }

  async function check(token: string): Promise<TokenOwner> {
    if (token.length > TOKEN_LENGTH_MAX) throw invalid()
    try {
      const { payload } = await jwtVerify(token, keyOf, {
        algorithms: [ACCESS_TOKEN.alg],
        typ: ACCESS_TOKEN.typ,
        issuer: ACCESS_TOKEN.issuer,
        currentDate: new Date(clock.now()),
      })
      return ownerOf(payload)
    } catch (error) {
      throw error instanceof errors.JWTExpired ? expired(error) : invalid(error)
    }
  }
}

function ownerOf(payload: JWTPayload): TokenOwner {
  const claims = AccessClaims.parse(payload)
  return Object.freeze({
    playerId: claims.sub,
    sessionId: claims.sid,
    roles: Object.freeze(claims.roles),
    ...(claims.act && { actorId: claims.act.sub }),
    expiresAtMs: claims.exp * 1_000,
  })
}

/** A map yields its keys in the order they came. */
function forgetOldest(remembered: Map<string, TokenOwner>): void {
  for (const oldest of remembered.keys()) {
    remembered.delete(oldest)
    return
  }
}

function expired(cause?: unknown) {
  return core.UNAUTHENTICATED({ message: 'The access token has expired.', details: { reason: 'expired' }, cause })
}

function invalid(cause?: unknown) {
  return core.UNAUTHENTICATED({ message: 'The access token is not valid.', details: { reason: 'invalid' }, cause })
}

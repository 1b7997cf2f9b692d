import { core } from '@meydan/contracts/core'
import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../time/index.ts'

/** Keys of one installation: every process signs with the one and accepts all of the others (rotation). */
export interface ServiceKeys {
  /** Ed25519, private, with a `kid`. */
  readonly signing: JWK
  readonly accepted: JSONWebKeySet
}

/** Says which service calls. Made by the caller, checked by the one it calls. */
export interface ServiceTokens {
  /** A token of `service` that only `audience` accepts. */
  issue(service: string, audience: string): Promise<string>
  /** Which service made the token. Throws UNAUTHENTICATED for anything that is not valid, now, for this audience. */
  verify(token: string, audience: string): Promise<string>
}

const ALG = 'EdDSA'
const TYP = 'meydan-service+jwt'
const ISSUER = 'meydan'
const LIFE_S = 60
/** A token is renewed while it still has this long, so that none expires on its way. */
const RENEW_BEFORE_S = 20
/** Clocks of machines differ a little. */
const CLOCK_TOLERANCE_S = 5
const TOKEN_LENGTH_MAX = 1_024
const REMEMBERED_MAX = 1_000

export async function newServiceKeys(): Promise<ServiceKeys> {
  const { privateKey, publicKey } = await generateKeyPair(ALG, { extractable: true })
  const kid = crypto.randomUUID()
  return {
    signing: { ...(await exportJWK(privateKey)), kid, alg: ALG },
    accepted: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: ALG }] },
  }
}

interface Known {
  readonly expiresS: number
  readonly service: string
}

/** Signing and checking cost 0.1 ms each, so both sides remember what they have made or seen. */
export function serviceTokens(keys: ServiceKeys, clock: Clock): ServiceTokens {
  const keyOf = createLocalJWKSet(keys.accepted)
  const issued = new Map<string, { token: Promise<string>; expiresS: number }>()
  const verified = new Map<string, Known>()
  const nowS = () => Math.floor(clock.now() / 1_000)

  const sign = (service: string, audience: string, expiresS: number) =>
    new SignJWT()
      .setProtectedHeader({ alg: ALG, typ: TYP, ...(keys.signing.kid && { kid: keys.signing.kid }) })
      .setIssuer(ISSUER)
      .setSubject(service)
      .setAudience(audience)
      .setExpirationTime(expiresS)
      .sign(keys.signing)

  const check = async (token: string, audience: string): Promise<Known> => {
    if (token.length > TOKEN_LENGTH_MAX) throw core.UNAUTHENTICATED()
    try {
      const { payload } = await jwtVerify(token, keyOf, {
        algorithms: [ALG],
        typ: TYP,
        issuer: ISSUER,
        audience,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(clock.now()),
      })
      return { service: payload.sub ?? '', expiresS: (payload.exp ?? 0) + CLOCK_TOLERANCE_S }
    } catch (error) {
      throw core.UNAUTHENTICATED({ message: 'A valid service token is needed.', cause: error })
    }
  }

  return {
    issue(service, audience) {
      const key = `${service} ${audience}`
      const known = issued.get(key)
      if (known && known.expiresS - nowS() > RENEW_BEFORE_S) return known.token
      const expiresS = nowS() + LIFE_S
      const token = sign(service, audience, expiresS)
      issued.set(key, { token, expiresS })
      return token
    },
    async verify(token, audience) {
      const key = `${audience} ${token}`
      const seen = verified.get(key)
      if (seen && seen.expiresS > nowS()) return seen.service
      const known = await check(token, audience)
      // Starting afresh now and then costs a few checks and keeps no list of who came when.
      if (verified.size >= REMEMBERED_MAX) verified.clear()
      verified.set(key, known)
      return known.service
    },
  }
}

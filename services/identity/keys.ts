import type { Id, Role } from '@meydan/contracts/core'
import { ACCESS_TOKEN, type PublicKeys } from '@meydan/kernel/tokens'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import { z } from 'zod'

const PublicKey = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string() })
type PublicKey = z.infer<typeof PublicKey>
const SigningKey = PublicKey.extend({ d: z.string() })

/** The keys of access tokens, as JSON to be stored safely: one signs, and the public halves of earlier ones still verify. */
export const IdentityKeys = z.object({ signing: SigningKey, verifying: z.array(PublicKey).default([]) })
export type IdentityKeys = z.infer<typeof IdentityKeys>

/** Fresh Ed25519 keys. With `earlier` it is a rotation: tokens signed by the earlier key stay valid until they expire. */
export async function generateIdentityKeys(earlier?: IdentityKeys): Promise<IdentityKeys> {
  const { privateKey } = await generateKeyPair('Ed25519', { extractable: true })
  const jwk = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint(jwk)
  return IdentityKeys.parse({ signing: { ...jwk, kid }, verifying: earlier ? published(earlier) : [] })
}

/** What verifies the tokens: the JSON Web Key Set that `identity.keys` answers and the gateway checks against. */
export function publicKeys(keys: IdentityKeys): PublicKeys {
  return { keys: published(keys).map((key) => ({ ...key, alg: ACCESS_TOKEN.alg, use: 'sig' })) }
}

/** Parsing strips the private part of the signing key. */
function published(keys: IdentityKeys): PublicKey[] {
  return [PublicKey.parse(keys.signing), ...keys.verifying]
}

export interface AccessSubject {
  readonly playerId: Id
  readonly sessionId: Id
  readonly roles: readonly Role[]
  /** The member of staff the token is for, when it is not the player's own. */
  readonly actorId?: Id
}

/** Signs an access token; times are milliseconds since 1970. */
export type SignAccess = (subject: AccessSubject, nowMs: number, expiresMs: number) => Promise<string>

export function accessSigner(keys: IdentityKeys): SignAccess {
  let imported: ReturnType<typeof importJWK> | undefined
  const signingKey = () => {
    imported ??= importJWK(keys.signing, ACCESS_TOKEN.alg)
    return imported
  }
  return async ({ playerId, sessionId, roles, actorId }, nowMs, expiresMs) =>
    new SignJWT({ sid: sessionId, roles: [...roles], ...(actorId !== undefined && { act: { sub: actorId } }) })
      .setProtectedHeader({ alg: ACCESS_TOKEN.alg, typ: ACCESS_TOKEN.typ, kid: keys.signing.kid })
      .setIssuer(ACCESS_TOKEN.issuer)
      .setSubject(playerId)
      .setIssuedAt(Math.floor(nowMs / 1_000))
      .setExpirationTime(Math.floor(expiresMs / 1_000))
      .sign(await signingKey())
}

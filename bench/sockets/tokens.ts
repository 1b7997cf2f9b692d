import type { Role } from '@meydan/contracts/core'
import { ACCESS_TOKEN } from '@meydan/kernel/tokens'
import type { IdentityKeys } from '@meydan/services/identity'
import { importJWK, SignJWT } from 'jose'

const TOKEN_LIVES = '1h'

/** The id of a benchmark's player: 64-bit and as long as real ones. */
export const playerIdOf = (player: number): string => (BigInt(player + 1) << 40n).toString()

const signingKeys = new Map<string, ReturnType<typeof importJWK>>()

/** An access token as the platform with these keys would make it. */
export async function tokenOf(keys: IdentityKeys, player: number, roles: readonly Role[] = []): Promise<string> {
  const { kid } = keys.signing
  const key = signingKeys.get(kid) ?? importJWK(keys.signing, ACCESS_TOKEN.alg)
  signingKeys.set(kid, key)
  const id = playerIdOf(player)
  return new SignJWT({ sid: id, roles })
    .setProtectedHeader({ alg: ACCESS_TOKEN.alg, typ: ACCESS_TOKEN.typ, kid })
    .setIssuer(ACCESS_TOKEN.issuer)
    .setSubject(id)
    .setIssuedAt()
    .setExpirationTime(TOKEN_LIVES)
    .sign(await key)
}

import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { manualClock } from '../time/index.ts'
import { ACCESS_TOKEN, type PublicKeys, tokenVerifier } from './index.ts'

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey']

const clock = manualClock()
const nowS = () => Math.floor(clock.now() / 1_000)
let keys: PublicKeys
let privateKey: PrivateKey
let olderPrivateKey: PrivateKey
let strangerKey: PrivateKey

beforeAll(async () => {
  const [current, older, stranger] = await Promise.all([1, 2, 3].map(() => generateKeyPair('EdDSA')))
  if (!current || !older || !stranger) throw new Error('three key pairs were made')
  privateKey = current.privateKey
  olderPrivateKey = older.privateKey
  strangerKey = stranger.privateKey
  keys = {
    keys: [
      { ...(await exportJWK(current.publicKey)), kid: 'now', alg: 'EdDSA' },
      { ...(await exportJWK(older.publicKey)), kid: 'older', alg: 'EdDSA' },
    ],
  }
})

function sign(key: PrivateKey, claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  return new SignJWT({ sub: '7', sid: '9', roles: ['support'], ...claims })
    .setProtectedHeader({ alg: ACCESS_TOKEN.alg, typ: ACCESS_TOKEN.typ, kid: 'now', ...header })
    .setIssuer(ACCESS_TOKEN.issuer)
    .setExpirationTime(nowS() + 900)
    .sign(key)
}

const refused = (reason: string) => expect.objectContaining({ code: 'UNAUTHENTICATED', details: { reason } })

test('C2 a token tells whose it is', async () => {
  const verify = tokenVerifier(keys, clock)
  const token = await sign(privateKey)
  const owner = { playerId: '7', sessionId: '9', roles: ['support'], expiresAtMs: (nowS() + 900) * 1_000 }
  expect(await verify(token)).toEqual(owner)
  expect(await verify(token), 'a second look gives the same').toEqual(owner)
  expect(await verify(await sign(privateKey, { act: { sub: '11' } }))).toMatchObject({ actorId: '11' })
})

test('C2 a key that no longer signs still verifies what it signed', async () => {
  const token = await sign(olderPrivateKey, {}, { kid: 'older' })
  expect(await tokenVerifier(keys, clock)(token)).toMatchObject({ playerId: '7' })
})

test('C2 a token ends when it expires, also one that was seen before', async () => {
  const moving = manualClock()
  const verify = tokenVerifier(keys, moving)
  const token = await sign(privateKey)
  await verify(token)
  moving.advance(900_000)
  await expect(verify(token)).rejects.toEqual(refused('expired'))
  await expect(tokenVerifier(keys, moving)(token)).rejects.toEqual(refused('expired'))
})

test('C2 forged tokens are refused: another key, a changed payload, an unknown key id, alg none, a symmetric key', async () => {
  const verify = tokenVerifier(keys, clock)
  const good = await sign(privateKey)
  const [header = '', , signature = ''] = good.split('.')
  const admin = Buffer.from(JSON.stringify({ sub: '7', sid: '9', roles: ['admin'], iss: 'meydan', exp: nowS() + 900 }))
  const symmetric = await new SignJWT({ sub: '7', sid: '9', roles: ['admin'] })
    .setProtectedHeader({ alg: 'HS256', typ: ACCESS_TOKEN.typ, kid: 'now' })
    .setIssuer(ACCESS_TOKEN.issuer)
    .setExpirationTime(nowS() + 900)
    .sign(Buffer.from(JSON.stringify(keys.keys[0])))
  const forged = [
    await sign(strangerKey),
    `${header}.${admin.toString('base64url')}.${signature}`,
    await sign(strangerKey, {}, { kid: 'unknown' }),
    new UnsecuredJWT({ sub: '7', sid: '9', roles: [] })
      .setIssuer('meydan')
      .setExpirationTime(nowS() + 900)
      .encode(),
    symmetric,
    good.slice(0, -8),
  ]
  for (const token of forged) await expect(verify(token)).rejects.toEqual(refused('invalid'))
})

test('C2 tokens that say something else than an access token are refused', async () => {
  const verify = tokenVerifier(keys, clock)
  const strange = [
    await sign(privateKey, {}, { typ: 'JWT' }),
    await sign(privateKey, { sub: 'x' }),
    await sign(privateKey, { sid: '99999999999999999999' }),
    await sign(privateKey, { roles: ['root'] }),
    await new SignJWT({ sub: '7', sid: '9', roles: [] })
      .setProtectedHeader({ alg: ACCESS_TOKEN.alg, typ: ACCESS_TOKEN.typ, kid: 'now' })
      .setIssuer('somebody')
      .setExpirationTime(nowS() + 900)
      .sign(privateKey),
    await new SignJWT({ sub: '7', sid: '9', roles: [] })
      .setProtectedHeader({ alg: ACCESS_TOKEN.alg, typ: ACCESS_TOKEN.typ, kid: 'now' })
      .setIssuer(ACCESS_TOKEN.issuer)
      .sign(privateKey),
  ]
  for (const token of strange) await expect(verify(token)).rejects.toEqual(refused('invalid'))
})

test('C9 what is no token at all is refused the same way', async () => {
  const verify = tokenVerifier(keys, clock)
  for (const text of ['', '.', '..', 'a.b.c', '\0', '\ud800', 'x'.repeat(1_000_000), 'null', '{}']) {
    await expect(verify(text)).rejects.toEqual(refused('invalid'))
  }
})

import { createCipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto'
import { core } from '@meydan/contracts/core'

/** Sealed answers (docs/protocol.md, X1–X5): X25519, HKDF-SHA256, AES-256-GCM; a fresh server key for each answer. */
export const SEAL_VERSION = 1
const PUBLIC_KEY_BYTES = 32
const NONCE_BYTES = 12
const KEY_BYTES = 32
const INFO = 'meydan seal v1'

/** The client's key as it stands in `Meydan-Seal`. Throws INVALID_INPUT. */
export function readSealKey(header: string): Buffer {
  const key = Buffer.from(header, 'base64url')
  if (key.length !== PUBLIC_KEY_BYTES) {
    throw core.INVALID_INPUT({
      message: 'Meydan-Seal should be an X25519 public key: 32 bytes in base64url.',
      details: { field: 'Meydan-Seal' },
    })
  }
  return key
}

/** version ‖ server's public key ‖ nonce ‖ ciphertext ‖ tag, which only the holder of the client's private key can open. */
export function seal(clientKey: Buffer, plain: Buffer): Buffer {
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  const serverKey = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const shared = diffieHellman({ privateKey, publicKey: x25519(clientKey) })
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.concat([clientKey, serverKey]), INFO, KEY_BYTES))
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return Buffer.concat([Buffer.of(SEAL_VERSION), serverKey, nonce, sealed])
}

function x25519(raw: Buffer) {
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: raw.toString('base64url') }, format: 'jwk' })
}

import { core } from '@meydan/contracts/core'

const VERSION = 1
const PUBLIC_KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + PUBLIC_KEY_BYTES + NONCE_BYTES
const INFO = new TextEncoder().encode('meydan seal v1')

/** One request's key: its public half goes up in `Meydan-Seal`, and only its private half opens the answer. */
export interface Seal {
  readonly header: string
  /** Throws UNAVAILABLE for bytes that were not sealed for this key, or were changed on the way. */
  open(sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
}

/** Makes a fresh X25519 key pair (docs/protocol.md, X1–X5: HKDF-SHA256, AES-256-GCM). Needs a browser that has X25519, or Node. */
export async function makeSeal(): Promise<Seal> {
  // The curve is in the name already; saying it again tells the compiler that a pair comes back.
  const pair = await crypto.subtle.generateKey({ name: 'X25519', namedCurve: 'X25519' }, false, ['deriveBits'])
  const ours = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  return {
    header: base64Url(ours),
    async open(sealed) {
      try {
        return await openWith(pair.privateKey, ours, sealed)
      } catch (cause) {
        throw core.UNAVAILABLE({ message: 'The sealed answer could not be opened.', cause })
      }
    },
  }
}

type PrivateKey = Parameters<typeof crypto.subtle.exportKey>[1]

async function openWith(privateKey: PrivateKey, ours: Uint8Array, sealed: Uint8Array<ArrayBuffer>) {
  if (sealed[0] !== VERSION || sealed.length < HEADER_BYTES + TAG_BYTES) throw new RangeError('not a sealed answer')
  const theirs = sealed.slice(1, 1 + PUBLIC_KEY_BYTES)
  const nonce = sealed.slice(1 + PUBLIC_KEY_BYTES, HEADER_BYTES)
  const publicKey = await crypto.subtle.importKey('raw', theirs, { name: 'X25519' }, false, [])
  const shared = await crypto.subtle.deriveBits({ name: 'X25519', public: publicKey }, privateKey, 256)
  const salt = new Uint8Array([...ours, ...theirs])
  const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt, info: INFO }
  const key = await crypto.subtle.deriveKey(derivation, secret, { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, key, sealed.slice(HEADER_BYTES)))
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

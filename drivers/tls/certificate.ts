const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** What is wrong with the certificate that the server at `place` shows, and what an operator can do; undefined when that is not what `error` is about. */
export function certificateRefusal(place: string, error: unknown, setting: string): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (UNTRUSTED.has(code)) {
    return `The certificate of ${place} is of an authority that nobody here knows: name the authority's file (PEM) in MEYDAN_CA.`
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate of ${place} is for another name: write the server in ${setting} as its certificate does.`
  }
  if (code === 'CERT_HAS_EXPIRED') return `The certificate of ${place} has expired: give that server a new one.`
  return undefined
}

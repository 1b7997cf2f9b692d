import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { OperatorError } from '@meydan/kernel/config'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/**
 * Trusts the authorities of the file (PEM) beside the public ones, in every connection that this process opens. Throws an OperatorError
 * when there are none in it: Node would go on without a word.
 */
export async function trustAuthorities(path: string | undefined): Promise<void> {
  if (path === undefined) return
  const certificates = (await textOf(path)).match(CERTIFICATE) ?? []
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    throw new OperatorError(
      `${path} (MEYDAN_CA) is not a file of certificates: each begins with -----BEGIN CERTIFICATE-----.`,
    )
  }
  setDefaultCACertificates([...getCACertificates('default'), ...certificates])
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new OperatorError(`The file of authorities ${path} cannot be read; correct MEYDAN_CA.`, { cause })
  }
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

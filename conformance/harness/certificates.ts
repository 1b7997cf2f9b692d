import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Paths of PEM files: a certificate for `localhost`, and the authority that nobody else knows. */
export interface Certificates {
  readonly authority: string
  readonly certificate: string
  readonly key: string
  /** Key and certificate in one file. */
  readonly keystore: string
}

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']

/** An authority made for the occasion, and what it signed, as files of the folder. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const paths = {
    authority: join(folder, 'authority.pem'),
    certificate: join(folder, 'certificate.pem'),
    key: join(folder, 'key.pem'),
    keystore: join(folder, 'keystore.pem'),
  }
  const authorityKey = join(folder, 'authority-key.pem')
  await request('-subj', '/CN=authority', '-keyout', authorityKey, '-out', paths.authority)
  const signed = ['-CA', paths.authority, '-CAkey', authorityKey, '-addext', 'subjectAltName=DNS:localhost']
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE']
  await request('-subj', '/CN=localhost', ...signed, ...leaf, '-keyout', paths.key, '-out', paths.certificate)
  await writeFile(paths.keystore, (await readFile(paths.key, 'utf8')) + (await readFile(paths.certificate, 'utf8')))
  return paths
}

async function request(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('openssl', ['req', '-x509', ...EC_KEY, ...args])
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newServiceKeys, type ServiceKeys } from '@meydan/kernel/rpc'
import { generateIdentityKeys, type IdentityKeys } from '@meydan/services/identity'

export interface Production {
  /** Settings of a platform in production. */
  readonly settings: Readonly<Record<string, string>>
  /** What signs its players' tokens. */
  readonly keys: IdentityKeys
  /** What signs the calls of its services. */
  readonly mesh: ServiceKeys
  remove(): Promise<void>
}

/** What a platform needs to run as in production, with secrets that the benchmark knows: it can then make players out of nothing. */
export async function production(): Promise<Production> {
  const keys = await generateIdentityKeys()
  const mesh = await newServiceKeys()
  const folder = await mkdtemp(join(tmpdir(), 'meydan-bench-secrets-'))
  const file = join(folder, 'secrets.json')
  await writeFile(file, JSON.stringify({ identity: keys, mesh }), { mode: 0o600 })
  return {
    settings: { MEYDAN_ENV: 'production', MEYDAN_SECRETS: file },
    keys,
    mesh,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

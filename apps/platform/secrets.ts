import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OperatorError } from '@meydan/kernel/config'
import { newServiceKeys } from '@meydan/kernel/rpc'
import { generateIdentityKeys, IdentityKeys } from '@meydan/services/identity'
import { z } from 'zod'

const Jwk = z.looseObject({ kty: z.string(), kid: z.string() })

const Secrets = z.object({
  /** Signs players' access tokens. */
  identity: IdentityKeys,
  /** Signs the tokens that services show each other. */
  mesh: z.object({ signing: Jwk, accepted: z.object({ keys: z.array(Jwk) }) }),
})
export type Secrets = z.infer<typeof Secrets>

const OWNER_ONLY = 0o600

export async function makeSecrets(): Promise<Secrets> {
  return Secrets.parse({ identity: await generateIdentityKeys(), mesh: await newServiceKeys() })
}

/** As it stands in a secrets file. */
export function secretsText(secrets: Secrets): string {
  return `${JSON.stringify(secrets, null, 2)}\n`
}

export interface SecretsPlace {
  readonly given: string | undefined
  readonly dataFolder: string
  readonly production: boolean
}

/**
 * Reads the secrets. When no file is given they are made on first start under the data folder, readable by the
 * owner alone; production refuses to run on made-up ones. Throws an OperatorError that says what to do.
 */
export async function loadSecrets(place: SecretsPlace): Promise<Secrets> {
  if (place.given !== undefined) return readSecrets(place.given)
  if (place.production) {
    throw new OperatorError(
      'MEYDAN_ENV=production needs MEYDAN_SECRETS, a file that you made (`meydan secrets > secrets.json`) and keep safe.',
    )
  }
  const path = join(place.dataFolder, 'secrets.json')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) await writeOnce(path, secretsText(await makeSecrets()))
  return readSecrets(path)
}

/** Whole or not at all, and never over another's: of two first starts at once, one wins and both read the same. */
async function writeOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, text, { mode: OWNER_ONLY, flush: true })
  try {
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
}

async function readSecrets(path: string): Promise<Secrets> {
  let text: string
  try {
    if (process.platform !== 'win32' && isOpen(await stat(path), process.getuid?.())) {
      throw new OperatorError(`${path} can be read by others; run: chmod 600 ${path}`)
    }
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause
    throw new OperatorError(`The secrets file ${path} cannot be read.`, { cause })
  }
  const parsed = Secrets.safeParse(parseJson(text))
  if (!parsed.success) throw new OperatorError(`${path} is not a secrets file; \`meydan secrets\` prints a new one.`)
  return parsed.data
}

/**
 * Whether others than this process's user may use the file. One of root's may be read by its group, as Postgres has it for its keys: so do
 * Kubernetes and Docker hand a secret to a process that is not root.
 */
export function isOpen({ mode, uid }: { mode: number; uid: number }, self: number | undefined): boolean {
  const closed = uid === 0 && self !== 0 ? 0o037 : 0o077
  return (mode & closed) !== 0
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

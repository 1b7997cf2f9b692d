import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Whom Postgres runs as; undefined: whoever runs Meydan. */
export type Account = { readonly uid: number; readonly gid: number } | undefined

/** `nobody` on nearly every Unix. Postgres refuses to run as root. */
const NOBODY = 65_534
/** Whom else to take where nobody has another number; initdb insists on an account with a name. */
const LESSER_ACCOUNTS = ['nobody', 'postgres', 'daemon']

export const isRoot = process.getuid?.() === 0

/** The account for a cluster: as root that of the data's owner, so that data made without root goes on working. */
export async function accountFor(dataFolder: string): Promise<Account> {
  if (!isRoot) return undefined
  const owner = await stat(dataFolder).catch(() => undefined)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return namedAccount(await readFile('/etc/passwd', 'utf8').catch(() => ''))
}

function namedAccount(passwd: string): { uid: number; gid: number } {
  const entries = passwd.split('\n').map((line) => line.split(':'))
  if (entries.some(([, , uid]) => Number(uid) === NOBODY)) return { uid: NOBODY, gid: NOBODY }
  for (const name of LESSER_ACCOUNTS) {
    const [, , uid, gid] = entries.find(([entry]) => entry === name) ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  return { uid: NOBODY, gid: NOBODY }
}

/** Whether the account may enter the folder and every folder above it, by their permission bits. */
export async function reachable(folder: string, account: Account): Promise<boolean> {
  if (!account) return true
  for (let path = resolve(folder); ; path = dirname(path)) {
    if (!(await mayEnter(path, account))) return false
    if (path === dirname(path)) return true
  }
}

/** Makes the folder and, where it alone is in the way, lets others pass through it without letting them list it. */
export async function openPath(folder: string, account: Account): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (await reachable(folder, account)) return true
  if (!(await reachable(dirname(resolve(folder)), account))) return false
  const { mode } = await stat(folder)
  await chmod(folder, (mode & 0o777) | 0o011)
  return reachable(folder, account)
}

async function mayEnter(path: string, account: { uid: number; gid: number }): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined)
  if (!entry) return false
  const shift = entry.uid === account.uid ? 6 : entry.gid === account.gid ? 3 : 0
  return ((entry.mode >> shift) & 1) === 1
}

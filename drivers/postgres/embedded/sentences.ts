import { existsSync } from 'node:fs'
import { OperatorError } from '@meydan/kernel/config'

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** What to tell the operator when a binary could not be started. */
export function spawnFault(error: Error, file: string): OperatorError {
  if (codeOf(error) === 'ENOENT' && existsSync(file)) {
    // The file is there; what is missing is the loader it names: the machine has another libc.
    return new OperatorError(
      'The Postgres that comes with Meydan needs glibc, which this system (Alpine?) does not have: set MEYDAN_POSTGRES_URL to a Postgres of your own, or use an image with glibc.',
      { cause: error },
    )
  }
  if (codeOf(error) === 'EACCES') {
    return new OperatorError(`${file} may not be run: is its file system mounted noexec?`, { cause: error })
  }
  return new OperatorError(`${file} could not be started: ${error.message}`, { cause: error })
}

/** The same for the files of the data folder; other errors are passed on. */
export function folderFault(error: unknown, dataDir: string): unknown {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return noSpace(dataDir)
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new OperatorError(
        `The database folder ${dataDir} cannot be written: give this user the right to, or set MEYDAN_DATA to another folder.`,
        { cause: error },
      )
    case 'ENOTDIR':
    case 'EEXIST':
      return new OperatorError(`${dataDir} is not a folder: set MEYDAN_DATA to one.`, { cause: error })
    default:
      return error
  }
}

const NO_SPACE = /No space left on device|Check free disk space/

/** Why initdb failed, from what it said. */
export function makingFault(said: string, home: string): OperatorError {
  if (NO_SPACE.test(said)) return noSpace(home)
  if (/could not look up effective user ID/.test(said)) {
    return new OperatorError(
      'Postgres needs its user to have a name: add this user to /etc/passwd, run as another one, or set MEYDAN_POSTGRES_URL to a Postgres of your own.',
    )
  }
  const lines = said.split('\n').filter((line) => /error|fatal|panic|failed/i.test(line))
  const reason = lines.at(-1)?.trim() ?? 'initdb gave no reason'
  return new OperatorError(`The database could not be made in ${home}: ${reason}.`)
}

function noSpace(folder: string): OperatorError {
  return new OperatorError(`No space is left for the database in ${folder}: make room, or move MEYDAN_DATA.`)
}

/** Why a server that ended while starting did so, from what it wrote to its log. */
export function startFault(said: string, log: string, home: string): OperatorError {
  if (NO_SPACE.test(said)) return noSpace(home)
  const lines = said.split('\n').filter((line) => /FATAL|PANIC|ERROR|error while loading|^postgres: /.test(line))
  const line = lines.at(-1)?.replace(/^(postgres:|.*?(FATAL|PANIC|ERROR):)\s*/, '') ?? 'it gave no reason'
  return new OperatorError(
    `The database in ${home} does not start: ${line}. Restore the folder from a backup, or move it away to begin with an empty one; the whole log is ${log}.`,
  )
}

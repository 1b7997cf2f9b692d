import { access, constants, mkdir } from 'node:fs/promises'
import { OperatorError } from '@meydan/kernel/config'

/** Makes the data folder if it is not there. Throws an OperatorError that says why nothing can be kept in it. */
export async function openDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    const sentence = sentenceOf(cause, folder)
    throw sentence === undefined ? cause : new OperatorError(sentence, { cause })
  }
}

function sentenceOf(cause: unknown, folder: string): string | undefined {
  switch (cause instanceof Error && 'code' in cause ? cause.code : undefined) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `${folder} is not a folder; set MEYDAN_DATA to one.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The data folder ${folder} cannot be written; give this user the right to, or choose another with MEYDAN_DATA.`
    case 'ENOSPC':
    case 'EDQUOT':
      return `No space is left for the data folder ${folder}; make room, or choose another with MEYDAN_DATA.`
    case 'ENOENT':
    case 'ENAMETOOLONG':
      return `The data folder ${folder} cannot be made; choose another with MEYDAN_DATA.`
    default:
      return undefined
  }
}

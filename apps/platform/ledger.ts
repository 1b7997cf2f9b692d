import { parseArgs } from 'node:util'
import { OperatorError } from '@meydan/kernel/config'
import { audit, type Finding, hasBooks } from '@meydan/services/wallet'
import { withStores } from './stores.ts'

const USE = 'Use: meydan ledger verify [--head HEX].'
const NO_BOOKS =
  'There is no ledger in this database: is it the one of MEYDAN_POSTGRES_URL, or of MEYDAN_DATA, and has the platform been started on it?'

/** `meydan ledger verify`: recomputes the books from what was written. What is wrong goes to stdout, a line each, with exit code 1; progress to stderr. */
export async function ledger(args: readonly string[]): Promise<void> {
  const head = headOf(args)
  await withStores(async ({ postgres }) => {
    const database = postgres.database('wallet')
    if (!(await hasBooks(database))) throw new OperatorError(NO_BOOKS)
    const found: Finding[] = []
    for await (const { step, done, total, findings } of audit(database, head)) {
      process.stderr.write(`${step} ${done} of ${total}\n`)
      for (const { rule, where, message } of findings) process.stdout.write(`${rule}  ${where}  ${message}\n`)
      found.push(...findings)
    }
    process.stdout.write(found.length === 0 ? 'The books are right.\n' : `${found.length} things cannot be.\n`)
    if (found.length > 0) process.exitCode = 1
  })
}

/** Throws an OperatorError for anything but `verify`, with a head in hex or none. */
function headOf(args: readonly string[]): Buffer | undefined {
  const { values, positionals } = parsed(args)
  if (positionals.join(' ') !== 'verify') throw new OperatorError(USE)
  if (values.head === undefined) return undefined
  if (!/^[0-9a-f]{64}$/i.test(values.head)) {
    throw new OperatorError(`--head is the head of a day as GET /v1/ledger/days tells it: 64 hex digits. ${USE}`)
  }
  return Buffer.from(values.head, 'hex')
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { head: { type: 'string' } }, allowPositionals: true })
  } catch (cause) {
    throw new OperatorError(USE, { cause })
  }
}

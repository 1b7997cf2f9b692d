import { createHash } from 'node:crypto'
import { type Contract, core, type Fault } from '@meydan/contracts/core'
import { z } from 'zod'
import type { Wanted } from './discovery.ts'

/** The refusal of a call whose caller holds another version of the contract; `spoken` says which process holds which. */
export function versionMismatch({ name, version }: Wanted, spoken: Readonly<Record<string, number>>): Fault {
  const others = Object.entries(spoken).map(([process, theirs]) => `${process} speaks version ${theirs}`)
  return core.VERSION_MISMATCH({
    message: `The caller speaks version ${version} of ${name}, and ${others.join(', ')}.`,
    details: { contract: name, caller: version, processes: spoken },
    retryAfterS: RETRY_AFTER_S,
  })
}

/** An update takes longer, but each process that it replaces may be the one. */
const RETRY_AFTER_S = 5
const DIGEST_LENGTH = 16
const known = new WeakMap<Contract, string>()

/**
 * A digest of what a contract takes and gives. Processes of one release have the same one; where they differ although the version is the
 * same, one side has optional fields or procedures that the other has not.
 */
export function shapeOf(contract: Contract): string {
  const before = known.get(contract)
  if (before !== undefined) return before
  const procedures = Object.entries(contract.procedures).map(([name, { kind, auth, input, output }]) => [
    name,
    kind,
    auth,
    z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }),
    z.toJSONSchema(output, { unrepresentable: 'any' }),
  ])
  const shape = createHash('sha256').update(JSON.stringify(procedures)).digest('hex').slice(0, DIGEST_LENGTH)
  known.set(contract, shape)
  return shape
}

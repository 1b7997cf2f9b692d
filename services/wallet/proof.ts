import type { LedgerDay, TransferProof } from '@meydan/contracts/wallet'
import { type Hash, leafHash, nodeHash, provesInclusion } from '@meydan/kernel/merkle'
import type { InclusionProof, SealedDay } from './days.ts'

const HEX = 'hex'
const bytes = (hex: string): Hash => Buffer.from(hex, HEX)

export const dayOnWire = ({ day, transfers, root, head }: SealedDay): LedgerDay => ({
  day,
  transfers,
  root: root.toString(HEX),
  head: head.toString(HEX),
})

export const proofOnWire = ({ entry, index, path, before, ...day }: InclusionProof): TransferProof => ({
  ...dayOnWire(day),
  entry,
  index,
  path: path.map((hash) => hash.toString(HEX)),
  before: before.toString(HEX),
})

/** Whether the entry is in the tree of its day, and the head stands for that tree. Whether the head is the published one is for who asks to compare. */
export function provesTransfer({ entry, index, transfers, path, root, before, head }: TransferProof): boolean {
  const within = { index, size: transfers, path: path.map(bytes), root: bytes(root) }
  return (
    provesInclusion(leafHash(Buffer.from(entry)), within) && nodeHash(bytes(before), bytes(root)).equals(bytes(head))
  )
}

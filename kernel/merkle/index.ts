import { createHash } from 'node:crypto'

/** SHA-256; 32 bytes. */
export type Hash = Buffer

const LEAF = Buffer.of(0)
const NODE = Buffer.of(1)

const sha256 = (...parts: readonly Uint8Array[]): Hash => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** RFC 6962 §2.1: the hash of an entry. */
export const leafHash = (entry: Uint8Array): Hash => sha256(LEAF, entry)
/** RFC 6962 §2.1: the hash of two subtrees. */
export const nodeHash = (left: Hash, right: Hash): Hash => sha256(NODE, left, right)

/** The head of a growing Merkle tree (RFC 6962 §2.1), whose entries come one by one and are not kept: as many hashes as the tree is high. */
export class TreeHead {
  /** Roots of the full subtrees, the largest first; the size's binary digits say which there are. */
  readonly #subtrees: Hash[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  add(leaf: Hash): void {
    let hash = leaf
    for (let full = this.#size; full % 2 === 1; full = (full - 1) / 2) hash = nodeHash(this.#pop(), hash)
    this.#subtrees.push(hash)
    this.#size++
  }

  #pop(): Hash {
    const hash = this.#subtrees.pop()
    if (!hash) throw new Error('there is a subtree for each binary digit of the size')
    return hash
  }

  /** Of no entries: the hash of nothing. */
  root(): Hash {
    const [last = sha256(), ...others] = this.#subtrees.toReversed()
    return others.reduce((right, left) => nodeHash(left, right), last)
  }
}

/** RFC 6962 §2.1.1: the hashes that prove that the leaf at `index` is in the tree of these leaves, from the leaf's side up. */
export function inclusionPath(leaves: readonly Hash[], index: number): Hash[] {
  if (!(Number.isInteger(index) && index >= 0 && index < leaves.length))
    throw new RangeError(`there is no leaf ${index}`)
  if (leaves.length === 1) return []
  const split = largestPowerOfTwoBelow(leaves.length)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return index < split
    ? [...inclusionPath(left, index), rootOf(right)]
    : [...inclusionPath(right, index - split), rootOf(left)]
}

export function rootOf(leaves: Iterable<Hash>): Hash {
  const head = new TreeHead()
  for (const leaf of leaves) head.add(leaf)
  return head.root()
}

/** RFC 9162 §2.1.3.2: whether `path` leads from the leaf at `index` to the root of a tree of `size` leaves. */
export function provesInclusion(
  leaf: Hash,
  { index, size, path, root }: { index: number; size: number; path: readonly Hash[]; root: Hash },
): boolean {
  if (!(index >= 0 && index < size)) return false
  let hash = leaf
  let [position, last] = [index, size - 1]
  for (const step of path) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(step, hash)
      while (position % 2 === 0 && position !== 0) [position, last] = [Math.floor(position / 2), Math.floor(last / 2)]
    } else {
      hash = nodeHash(hash, step)
    }
    ;[position, last] = [Math.floor(position / 2), Math.floor(last / 2)]
  }
  return last === 0 && hash.equals(root)
}

function largestPowerOfTwoBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

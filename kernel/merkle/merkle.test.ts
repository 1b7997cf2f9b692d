import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Hash, inclusionPath, leafHash, provesInclusion, rootOf } from './index.ts'

const hex = (hash: Hash): string => hash.toString('hex')

/** The entries of Certificate Transparency's reference tests, and their tree heads by size. */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const HEADS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leaves = ENTRIES.map((entry) => leafHash(Buffer.from(entry, 'hex')))

describe('RFC 6962', () => {
  test.each(HEADS.map((head, size) => ({ head, size })))('the head of $size entries', ({ head, size }) => {
    expect(hex(rootOf(leaves.slice(0, size)))).toBe(head)
  })

  test('each leaf of each tree is proved, and in no other place, and nothing else is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, some, other) => {
        const tree = Array.from({ length: size }, (_, n) => leafHash(Buffer.from(String(n))))
        const [index, elsewhere] = [some % size, other % size]
        const proof = { index, size, path: inclusionPath(tree, index), root: rootOf(tree) }
        const leaf = leafHash(Buffer.from(String(index)))
        expect(provesInclusion(leaf, proof)).toBe(true)
        expect(provesInclusion(leafHash(Buffer.from('forged')), proof)).toBe(false)
        expect(provesInclusion(leaf, { ...proof, index: elsewhere })).toBe(elsewhere === index)
        expect(provesInclusion(leaf, { ...proof, path: proof.path.slice(1) })).toBe(size === 1)
      }),
    )
  })
})

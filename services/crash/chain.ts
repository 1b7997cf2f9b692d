import { createHmac, hash, randomBytes } from 'node:crypto'
import { crashPoint } from '@meydan/games/crash'
import type { Kit } from '@meydan/kernel/rpc'
import { announceSalt, type ChainRow, type Db, insertChain, newestChain, type PlayedChain } from './store.ts'

const HASH_BYTES = 32
/** One hash in so many is kept, so that any other is found by at most so many steps. */
const CHECKPOINT_EVERY = 128

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer')

/** HMAC-SHA256(key = salt as ASCII text, message = the 32 bytes of the hash). */
export const digestOf = (salt: string, roundHash: Uint8Array): Buffer =>
  createHmac('sha256', Buffer.from(salt, 'ascii')).update(roundHash).digest()

/** Hundredths. */
export const resultOf = (salt: string, roundHash: Uint8Array): number => crashPoint(digestOf(salt, roundHash))

/** The hashes of a chain's rounds: that of round n is the SHA-256 of that of round n + 1, and that of the last is the seed. */
export interface Hashes {
  /** Of the rounds 1 to `rounds`; of 0, the commitment. */
  at(number: number): Buffer
}

/** Some ten milliseconds for 10,000 rounds. */
export function hashesOf(seed: Buffer, rounds: number): Hashes {
  const checkpoints = new Map<number, Buffer>()
  let link = seed
  for (let number = rounds; number >= 0; number--) {
    if (number % CHECKPOINT_EVERY === 0 || number === rounds) checkpoints.set(number, link)
    link = sha256(link)
  }
  return {
    at(number) {
      if (!Number.isInteger(number) || number < 0 || number > rounds)
        throw new RangeError(`there is no round ${number}`)
      let from = Math.min(rounds, Math.ceil(number / CHECKPOINT_EVERY) * CHECKPOINT_EVERY)
      let found = checkpoints.get(from) ?? seed
      for (; from > number; from--) found = sha256(found)
      return found
    },
  }
}

/** A chain that can be played: its salt is announced. */
export interface PlayableChain {
  readonly row: PlayedChain
  readonly salt: string
  readonly hashes: Hashes
}

/**
 * The chain of a lobby's next round. A new one is made when the last is used up: it is committed to first, and its salt is made only when the commitment is stored.
 */
export async function chainFor(
  { nextId, clock }: Pick<Kit, 'nextId' | 'clock'>,
  db: Db,
  lobbyId: number,
  rounds: number,
): Promise<PlayableChain> {
  const now = (): Date => new Date(clock.now())
  const newest = await newestChain(db, lobbyId)
  const isUsable = newest !== undefined && newest.played < newest.rounds
  const row = isUsable ? newest : await commit(db, { chainId: nextId(), lobbyId, rounds, at: now() })
  if (row.salt === null) await announceSalt(db, row.chain_id, randomBytes(HASH_BYTES).toString('hex'), now())
  const announced = row.salt === null ? await newestChain(db, lobbyId) : row
  if (!announced || announced.salt === null) throw new Error(`chain ${row.chain_id} has no salt`)
  return { row: announced, salt: announced.salt, hashes: hashesOf(announced.seed, announced.rounds) }
}

async function commit(
  db: Db,
  { chainId, lobbyId, rounds, at }: { chainId: string; lobbyId: number; rounds: number; at: Date },
): Promise<PlayedChain> {
  const seed = randomBytes(HASH_BYTES)
  const commitment = hashesOf(seed, rounds).at(0)
  const row = {
    chain_id: chainId,
    lobby_id: lobbyId,
    rounds,
    seed,
    commitment,
    committed_at: at,
  } satisfies Partial<ChainRow>
  await insertChain(db, row)
  return { ...row, salt: null, salt_announced_at: null, played: 0 }
}

import { identity } from '@meydan/contracts/identity'
import { players } from '@meydan/contracts/players'
import { type Job, type Kit, service } from '@meydan/kernel/rpc'
import { loginAttempts } from './attempts.ts'
import { identityHandlers } from './handlers.ts'
import { argonHasher, type Hasher } from './hasher.ts'
import { accessSigner, type IdentityKeys, publicKeys } from './keys.ts'
import { type Called, type Parts, storageOf } from './parts.ts'
import { ENDED_SESSION_KEPT_MS, USED_TOKEN_KEPT_MS } from './rules.ts'
import { sweep } from './sessions.store.ts'

export interface IdentityOptions {
  /** The platform stores them; `generateIdentityKeys` makes them. */
  readonly keys: IdentityKeys
  /** How passwords are hashed; argon2id unless a test says otherwise. */
  readonly hasher?: Hasher
}

export function identityService({ keys, hasher = argonHasher() }: IdentityOptions) {
  return service({
    contract: identity,
    calls: { players },
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Called>) {
      const parts: Parts = {
        call: kit.call,
        ...storageOf(kit.db),
        events: kit.events,
        topics: kit.topics,
        clock: kit.clock,
        nextId: kit.nextId,
        log: kit.log,
        hasher,
        attempts: loginAttempts(kit.cache, kit.clock),
        sign: accessSigner(keys),
        publicKeys: publicKeys(keys),
      }
      return { handlers: identityHandlers(parts), jobs: [sweeping(parts)] }
    },
  })
}

const SWEEP_EVERY_MS = 10 * 60_000
/** Small statements, so that no refresh waits for a long one. */
const SWEEP_ROWS_MAX = 1_000

function sweeping({ db, clock }: Parts): Job {
  return {
    name: 'sweep-sessions',
    everyMs: SWEEP_EVERY_MS,
    async run(signal) {
      const overBefore = new Date(clock.now() - ENDED_SESSION_KEPT_MS)
      const usedBefore = new Date(clock.now() - USED_TOKEN_KEPT_MS)
      while (!signal.aborted && (await sweep(db, overBefore, usedBefore, SWEEP_ROWS_MAX)) >= SWEEP_ROWS_MAX);
    },
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { OperatorError } from '@meydan/kernel/config'
import type { Lease, Leases } from '@meydan/kernel/storage'
import { type Log, sparing } from '@meydan/kernel/telemetry'

export interface NodeClaimOptions {
  readonly leases: Leases
  /** The number the operator wrote down; undefined takes the first that is free. */
  readonly wanted: number | undefined
  /** How long a wanted number is waited for: an earlier life of this process may have died a moment ago. 10 s unless given. */
  readonly patienceMs?: number
  /** Unlike any other process's, also an earlier life's of this one. */
  readonly owner: string
  readonly log: Log
  readonly say: (what: string) => void
  /** Another process has the number now: no more ids may be made with it. */
  readonly onLost: () => void
}

/** This process's number in ids, held for as long as it lives. */
export interface NodeClaim {
  readonly node: number
  stop(): Promise<void>
}

const NODES = 1_024
const CLAIM_MS = 6_000
const RENEW_EVERY_MS = 1_000
const PATIENCE_MS = 10_000
const LOOK_AGAIN_MS = 250

const nameOf = (node: number): string => `process:{${node}}`

/** Takes a number of its own for this process. Throws an OperatorError when another process has the one that is wanted, or all are taken. */
export async function claimNode(options: NodeClaimOptions): Promise<NodeClaim> {
  const { leases, log, onLost } = options
  const claimed = await (options.wanted === undefined ? claimFree(options) : claimWanted(options, options.wanted))
  const said = sparing(log)
  let { lease } = claimed

  const renew = async (): Promise<void> => {
    try {
      if (await leases.renew(lease, CLAIM_MS)) return
      const again = await leases.acquire(lease.name, lease.owner, CLAIM_MS)
      if (again) lease = again
      else lost()
    } catch (error) {
      said.warn('node', { err: error, node: claimed.node }, 'the number of this process could not be renewed')
    }
  }
  const timer = setInterval(() => void renew(), RENEW_EVERY_MS)
  const lost = (): void => {
    clearInterval(timer)
    log.fatal({ node: claimed.node }, 'another process has taken the number of this one')
    onLost()
  }
  return {
    node: claimed.node,
    async stop() {
      clearInterval(timer)
      await leases.release(lease)
    },
  }
}

interface Claimed {
  readonly node: number
  readonly lease: Lease
}

async function claimFree({ leases, owner }: NodeClaimOptions): Promise<Claimed> {
  for (let node = 0; node < NODES; node++) {
    const lease = await leases.acquire(nameOf(node), owner, CLAIM_MS)
    if (lease) return { node, lease }
  }
  throw new OperatorError(
    `All ${NODES} numbers of processes are taken; stop some, or give each installation a Redis of its own.`,
  )
}

async function claimWanted(options: NodeClaimOptions, node: number): Promise<Claimed> {
  const { leases, owner, say, patienceMs = PATIENCE_MS } = options
  for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
    const lease = await leases.acquire(nameOf(node), owner, CLAIM_MS)
    if (lease) return { node, lease }
    if (waitedMs === 0) say(`waiting for number ${node} to be free`)
    if (waitedMs >= patienceMs) {
      throw new OperatorError(
        `MEYDAN_NODE=${node} is another living process's number; give each its own, or leave it out to be given one.`,
      )
    }
    await delay(LOOK_AGAIN_MS)
  }
}

/** The right to be the one owner of something, for a while. */
export interface Lease {
  readonly name: string
  readonly owner: string
  /** Fencing token: grows with every change of owner. A store that remembers the highest it saw can refuse a stale owner. */
  readonly token: bigint
}

export interface Leases {
  /** Null while somebody else holds it. The owner that asks again gets the same token. */
  acquire(name: string, owner: string, ttlMs: number): Promise<Lease | null>
  /** False when the lease was lost: the holder must stop at once. */
  renew(lease: Lease, ttlMs: number): Promise<boolean>
  release(lease: Lease): Promise<void>
  /** Who holds it now. */
  holder(name: string): Promise<Lease | null>
}

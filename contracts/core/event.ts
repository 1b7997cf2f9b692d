import type { z } from 'zod'

/** A kind of fact that one service states and others hear. */
export interface EventType<N extends string = string, D extends z.ZodType = z.ZodType> {
  readonly name: N
  readonly version: number
  readonly data: D
  /** Events with one key are delivered in the order they were published. */
  readonly key: (data: z.output<D>) => string
}

/** `event('USER_CREATED', { data: z.object({ userId: Id }), key: (d) => d.userId })` */
export function event<const N extends string, D extends z.ZodType>(
  name: N,
  options: { data: D; key: (data: z.output<D>) => string; version?: number },
): EventType<N, D> {
  return { name, version: options.version ?? 1, data: options.data, key: options.key }
}

export type EventData<E> = E extends EventType<string, infer D> ? z.output<D> : never

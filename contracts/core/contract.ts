import { z } from 'zod'
import type { FaultCatalogue } from './errors.ts'

/** Who may call: anyone, a signed-in player, a role, or only another service. */
export type Auth = 'public' | 'player' | 'support' | 'admin' | 'service'

/** Roles an account can hold besides being a player. `admin` may do all that `support` may. */
export const ROLES = ['support', 'admin'] as const
export type Role = (typeof ROLES)[number]

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** `'GET /v1/players/:playerId'`: path parameters are fields of the input. */
export type HttpRoute = `${Method} /v1/${string}`

/** At most `points` calls in `perS` seconds, counted for the calling address or the calling player. */
export interface CallLimit {
  points: number
  perS: number
  by: 'address' | 'player'
}

export interface Procedure<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType, A extends Auth = Auth> {
  readonly kind: 'query' | 'command'
  readonly summary: string
  readonly auth: A
  /** Absent: not reachable over REST. A procedure with auth `service` is reachable from no door at all. */
  readonly http: HttpRoute | undefined
  readonly input: In
  readonly output: Out
  /** Codes, of the contract's own catalogue, that this procedure answers with (core codes go without saying). */
  readonly errors: readonly string[]
  /** Whether trying again after a lost answer is safe. Every query is. */
  readonly idempotent: boolean
  readonly limit: CallLimit | undefined
  /** The whole call, retries included. */
  readonly timeoutMs: number
}

export interface ProcedureOptions<In extends z.ZodType, Out extends z.ZodType, A extends Auth> {
  summary: string
  auth: A
  http?: HttpRoute
  input?: In
  output?: Out
  errors?: readonly string[]
  idempotent?: boolean
  limit?: CallLimit
  timeoutMs?: number
}

export type Nothing = z.ZodObject<Record<never, never>, z.core.$strict>
const nothing: Nothing = z.strictObject({})

const TIMEOUT_MS_DEFAULT = 5_000

function procedure<In extends z.ZodType, Out extends z.ZodType, A extends Auth>(
  kind: 'query' | 'command',
  options: ProcedureOptions<In, Out, A>,
): Procedure<In, Out, A> {
  return {
    kind,
    summary: options.summary,
    auth: options.auth,
    http: options.http,
    input: options.input ?? (nothing as z.ZodType as In),
    output: options.output ?? (nothing as z.ZodType as Out),
    errors: options.errors ?? [],
    idempotent: kind === 'query' || (options.idempotent ?? false),
    limit: options.limit,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS_DEFAULT,
  }
}

/** A procedure that changes nothing. */
export function query<const A extends Auth, In extends z.ZodType = Nothing, Out extends z.ZodType = Nothing>(
  options: ProcedureOptions<In, Out, A>,
): Procedure<In, Out, A> {
  return procedure('query', options)
}

/** A procedure that may change something. */
export function command<const A extends Auth, In extends z.ZodType = Nothing, Out extends z.ZodType = Nothing>(
  options: ProcedureOptions<In, Out, A>,
): Procedure<In, Out, A> {
  return procedure('command', options)
}

export type Procedures = Readonly<Record<string, Procedure>>

export interface Contract<N extends string = string, P extends Procedures = Procedures> {
  readonly name: N
  /** Raised when a change would break an older caller; the mesh refuses calls across versions. */
  readonly version: number
  readonly procedures: P
  readonly errors: FaultCatalogue
}

/** Declares what a service can be asked. The name is also its database schema and its place in URLs and logs. */
export function contract<const N extends string, const P extends Procedures>(
  name: N,
  procedures: P,
  options: { errors?: FaultCatalogue; version?: number } = {},
): Contract<N, P> {
  return { name, version: options.version ?? 1, procedures, errors: options.errors ?? {} }
}

export type InputOf<P> = P extends Procedure<infer In, z.ZodType> ? z.input<In> : never
export type ParsedInputOf<P> = P extends Procedure<infer In, z.ZodType> ? z.output<In> : never
export type OutputOf<P> = P extends Procedure<z.ZodType, infer Out> ? z.output<Out> : never
/** What a handler may return: the output before defaults and transforms are applied. */
export type AnswerOf<P> = P extends Procedure<z.ZodType, infer Out> ? z.input<Out> : never

/** A typed way to call a contract; `Context` is what the place it is called from must pass along. */
export type Client<C extends Contract, Context extends readonly unknown[] = []> = {
  readonly [K in keyof C['procedures']]: (
    input: InputOf<C['procedures'][K]>,
    ...context: Context
  ) => Promise<OutputOf<C['procedures'][K]>>
}

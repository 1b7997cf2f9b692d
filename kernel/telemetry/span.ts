import { Fault } from '@meydan/contracts/core'
import {
  type Attributes,
  context as otelContext,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { TraceContext } from './trace.ts'

const SCOPE = 'meydan'
let tracer: Tracer | undefined

/** Undefined while no OpenTelemetry SDK is registered: then a call costs no span at all. */
function activeTracer(): Tracer | undefined {
  if (tracer) return tracer
  const provider = trace.getTracerProvider()
  if (!(provider instanceof ProxyTracerProvider)) return undefined
  tracer = provider.getDelegateTracer(SCOPE)
  return tracer
}

/** Work that a span can be made of: it knows whence it comes, and what it does in turn hangs on its own span. */
export interface Traced {
  readonly trace: TraceContext
  enterSpan(trace: TraceContext): void
}

export interface SpanOptions {
  readonly kind?: SpanKind
  readonly attributes?: Attributes
}

const RPC: Attributes = { 'rpc.system': SCOPE }

/** Starts the span of some work beneath its caller's, and makes it the parent of what the work calls. */
export function startSpan(name: string, work: Traced, options: SpanOptions = {}): Span | undefined {
  const active = activeTracer()
  if (!active) return undefined
  const { kind = SpanKind.SERVER, attributes = RPC } = options
  const { traceId, spanId, sampled } = work.trace
  const parent = trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  })
  const span = active.startSpan(name, { kind, attributes }, parent)
  const own = span.spanContext()
  work.enterSpan({ traceId, spanId: own.spanId, sampled: (own.traceFlags & TraceFlags.SAMPLED) !== 0 })
  return span
}

/** Runs the work with the span active, so that instrumented libraries beneath it find their parent. */
export function inSpan<T>(span: Span, work: () => T): T {
  return otelContext.with(trace.setSpan(otelContext.active(), span), work)
}

const SERVER_FAULT = 500

/** Ends the span. A fault of the caller's own making is noted and is no error; anything else thrown is one. */
export function endSpan(span: Span, error?: unknown): void {
  if (error instanceof Fault) {
    span.setAttribute('error.type', error.code)
    if (error.status >= SERVER_FAULT) span.setStatus({ code: SpanStatusCode.ERROR, message: error.code })
    if (error.cause instanceof Error) span.recordException(error.cause)
  } else if (error !== undefined) {
    span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
    span.setStatus({ code: SpanStatusCode.ERROR })
    if (error instanceof Error) span.recordException(error)
  }
  span.end()
}

/** Ends the span when the work is done, with what it threw. */
export async function endWith<T>(span: Span, work: Promise<T>): Promise<T> {
  try {
    const result = await work
    endSpan(span)
    return result
  } catch (error) {
    endSpan(span, error)
    throw error
  }
}

/** Runs the work in a span of its own; without an SDK, just runs it. */
export function spanned<T>(name: string, work: Traced, options: SpanOptions, run: () => Promise<T>): Promise<T> {
  const span = startSpan(name, work, options)
  return span ? endWith(span, inSpan(span, run)) : run()
}

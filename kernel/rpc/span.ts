import type { Fault } from '@meydan/contracts/core'
import {
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
import type { Running } from './context.ts'

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

/** Starts the span of a call beneath the caller's, and makes it the parent of what the call calls. */
export function startSpan(name: string, call: Running, kind: SpanKind = SpanKind.SERVER): Span | undefined {
  const active = activeTracer()
  if (!active) return undefined
  const { traceId, spanId, sampled } = call.trace
  const parent = trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  })
  const span = active.startSpan(name, { kind, attributes: { 'rpc.system': SCOPE } }, parent)
  const own = span.spanContext()
  call.enterSpan({ traceId, spanId: own.spanId, sampled: (own.traceFlags & TraceFlags.SAMPLED) !== 0 })
  return span
}

/** Runs the work with the span active, so that instrumented libraries beneath it find their parent. */
export function inSpan<T>(span: Span, work: () => T): T {
  return otelContext.with(trace.setSpan(otelContext.active(), span), work)
}

const SERVER_FAULT = 500

export function endSpan(span: Span, fault: Fault | undefined): void {
  if (fault) {
    span.setAttribute('error.type', fault.code)
    if (fault.status >= SERVER_FAULT) span.setStatus({ code: SpanStatusCode.ERROR, message: fault.code })
    if (fault.cause instanceof Error) span.recordException(fault.cause)
  }
  span.end()
}

import { contract, core, query } from '@meydan/contracts/core'
import {
  type Context,
  context as otelContext,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { afterAll, expect, test } from 'vitest'
import { createLog, createMetrics, parseTraceparent } from '../telemetry/index.ts'
import { systemClock } from '../time/index.ts'
import { bareKit, createHost, openContext, service } from './index.ts'

interface Recorded {
  readonly name: string
  readonly own: SpanContext
  readonly parent: SpanContext | undefined
  readonly attributes: Record<string, unknown>
  ended: boolean
}

/** As much of a tracing SDK as shows which spans were made, beneath which. */
function recorder() {
  const spans: Recorded[] = []
  const startSpan = (name: string, options: SpanOptions = {}, parentContext: Context = otelContext.active()): Span => {
    const parent = trace.getSpanContext(parentContext)
    const own = { traceId: parent?.traceId ?? '', spanId: `${spans.length + 1}`.padStart(16, '0'), traceFlags: 1 }
    const recorded: Recorded = { name, own, parent, attributes: { ...options.attributes }, ended: false }
    spans.push(recorded)
    const span: Span = {
      spanContext: () => own,
      setAttribute(key, value) {
        recorded.attributes[key] = value
        return span
      },
      setAttributes: () => span,
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus: () => span,
      updateName: () => span,
      end: () => {
        recorded.ended = true
      },
      isRecording: () => true,
      recordException: () => {},
    }
    return span
  }
  const tracer: Tracer = {
    startSpan,
    startActiveSpan: () => {
      throw new Error('the kernel starts its spans itself')
    },
  }
  return { spans, provider: { getTracer: () => tracer } }
}

const { spans, provider } = recorder()
trace.setGlobalTracerProvider(provider)
afterAll(() => trace.disable())

test('C10 every call is a span beneath its caller’s, and says how it failed', async () => {
  const inner = contract('inner', { fail: query({ summary: 'Fails', auth: 'public' }) })
  const outer = contract('outer', { ask: query({ summary: 'Asks', auth: 'public' }) })
  const innerService = service({
    contract: inner,
    calls: {},
    build: () => ({ handlers: { fail: () => Promise.reject(core.CONFLICT()) } }),
  })
  const outerService = service({
    contract: outer,
    calls: { inner },
    build: ({ call }) => ({ handlers: { ask: (_input, context) => call.inner.fail({}, context) } }),
  })
  const log = createLog({ level: 'silent', pretty: false, name: 'test' })
  const parts = { log, metrics: createMetrics(), clock: systemClock }
  const services = [innerService, outerService]
  const host = await createHost({ services, kit: () => bareKit(parts), freeze: true, ...parts })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const caller = { kind: 'anonymous', address: '192.0.2.1' } as const
  const context = openContext({ caller, clock: systemClock, log, traceparent })
  await expect(host.call('outer.ask', {}, context)).rejects.toMatchObject({ code: 'CONFLICT' })

  const edge = parseTraceparent(traceparent)
  expect(spans.map(({ name, parent, ended }) => ({ name, parent: parent?.spanId, ended }))).toEqual([
    { name: 'gateway outer.ask', parent: edge?.spanId, ended: true },
    { name: 'outer.ask', parent: spans[0]?.own.spanId, ended: true },
    { name: 'inner.fail', parent: spans[1]?.own.spanId, ended: true },
  ])
  expect(new Set(spans.map(({ own }) => own.traceId))).toEqual(new Set([edge?.traceId]))
  expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT'])
})

import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

const QUEUE_SPANS_MAX = 4096
const EXPORT_MS_MAX = 5_000
const EXPORT_EVERY_MS = 1_000

/** Says which process of an installation a span is of. */
export interface Origin {
  readonly version: string
  readonly region: string
  readonly processId: string
  /** As MEYDAN_ROLES names them. */
  readonly roles: string
}

/** Sends spans to an OpenTelemetry collector over OTLP/HTTP, until it is stopped. */
export function startTracing(otlpUrl: string, origin: Origin): { stop(): Promise<void> } {
  const exporter = new OTLPTraceExporter({
    url: `${otlpUrl.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_MS_MAX,
  })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'meydan',
      'service.version': origin.version,
      'service.instance.id': origin.processId,
      'cloud.region': origin.region,
      'meydan.roles': origin.roles,
    }),
    spanProcessors: [
      new BatchSpanProcessor(exporter, { maxQueueSize: QUEUE_SPANS_MAX, scheduledDelayMillis: EXPORT_EVERY_MS }),
    ],
  })
  provider.register()
  return { stop: () => provider.shutdown() }
}

import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

const QUEUE_SPANS_MAX = 4096
const EXPORT_MS_MAX = 5_000

/** Sends spans to an OpenTelemetry collector over OTLP/HTTP, until it is stopped. */
export function startTracing(otlpUrl: string, region: string): { stop(): Promise<void> } {
  const exporter = new OTLPTraceExporter({
    url: `${otlpUrl.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_MS_MAX,
  })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'meydan', 'cloud.region': region }),
    spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: QUEUE_SPANS_MAX })],
  })
  provider.register()
  return { stop: () => provider.shutdown() }
}

import type { Part } from '@meydan/kernel/lifecycle'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

const QUEUE_SPANS_MAX = 4096
const EXPORT_MS_MAX = 5_000

/** Sends spans to an OpenTelemetry collector over OTLP/HTTP; without a URL there is none, and spans cost nothing. */
export function tracing(otlpUrl: string | undefined, region: string, version: string): Part {
  if (otlpUrl === undefined) return { name: 'tracing' }
  const exporter = new OTLPTraceExporter({ url: `${otlpUrl.replace(/\/$/, '')}/v1/traces`, timeoutMillis: EXPORT_MS_MAX })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'meydan', 'service.version': version, 'cloud.region': region }),
    spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: QUEUE_SPANS_MAX })],
  })
  return {
    name: 'tracing',
    start: async () => provider.register(),
    stop: () => provider.shutdown(),
  }
}

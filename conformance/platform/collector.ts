import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { z } from 'zod'

const Attributes = z.array(z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) }))
const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.coerce.bigint(),
  endTimeUnixNano: z.coerce.bigint(),
  attributes: Attributes,
})
/** What OTLP/HTTP posts to /v1/traces as JSON (opentelemetry-proto, ExportTraceServiceRequest). */
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
})

/** Numbers of the span kinds on the wire. */
export const SPAN_KIND = { server: 2, client: 3, consumer: 5 } as const

/** A span that has arrived, and the process it is of. */
export type Arrived = z.infer<typeof Span> & {
  readonly process: string | undefined
  readonly roles: string | undefined
}

/** Takes spans as an OpenTelemetry collector does, and keeps them. */
export interface Collector {
  /** For MEYDAN_OTLP_URL. */
  readonly url: string
  spansOf(traceId: string): Arrived[]
  close(): void
}

/** On loopback, at a port that is free unless one is given. */
export async function startCollector(port = 0): Promise<Collector> {
  const arrived: Arrived[] = []
  const server = createServer(async (request, response) => {
    const { resourceSpans } = Export.parse(await json(request))
    for (const { resource, scopeSpans } of resourceSpans) {
      const told = (name: string) => resource.attributes.find(({ key }) => key === name)?.value.stringValue
      const origin = { process: told('service.instance.id'), roles: told('meydan.roles') }
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) arrived.push({ ...span, ...origin })
    }
    response.setHeader('content-type', 'application/json').end('{}')
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    spansOf: (id) => arrived.filter(({ traceId }) => traceId === id),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

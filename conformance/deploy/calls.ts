import { z } from 'zod'

const Document = z.object({ paths: z.record(z.string(), z.unknown()) })

/** The paths of all calls that a gateway passes on. */
export async function callsOf(url: string): Promise<string[]> {
  const document: unknown = await (await fetch(`${url}/openapi.json`)).json()
  return Object.keys(Document.parse(document).paths).sort()
}

import { z } from 'zod'

const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
const Guest = z.object({ accessToken: z.string() })

async function documentOf(url: string): Promise<z.infer<typeof Document>> {
  return Document.parse(await (await fetch(`${url}/openapi.json`)).json())
}

/** The paths of all calls that a gateway passes on. */
export async function callsOf(url: string): Promise<string[]> {
  return Object.keys((await documentOf(url)).paths).sort()
}

/** Of all that can be read at a gateway without naming a thing, what nobody answers for; `path: status`. */
export async function unansweredBy(url: string): Promise<string[]> {
  const { paths } = await documentOf(url)
  const readable = Object.keys(paths).filter((path) => 'get' in (paths[path] ?? {}) && !path.includes('{'))
  const json = { 'content-type': 'application/json' }
  const guest = await fetch(`${url}/v1/identity/guest`, { method: 'POST', headers: json, body: '{}' })
  const headers = { authorization: `Bearer ${Guest.parse(await guest.json()).accessToken}` }
  const statuses = await Promise.all(
    readable.map(async (path) => ({ path, status: (await fetch(url + path, { headers })).status })),
  )
  return statuses.filter(({ status }) => status >= 500).map(({ path, status }) => `${path}: ${status}`)
}

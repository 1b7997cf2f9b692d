import { z } from 'zod'
import { parseExposition, type Sample } from './exposition.ts'

/** What a process says of itself at one moment. */
export interface Answer {
  readonly atMs: number
  readonly samples: readonly Sample[]
  /** `ready`, `draining` or `not ready`. */
  readonly status: string
  /** What it needs, by name: `ok`, or why it is not. */
  readonly checks: Readonly<Record<string, string>>
}

/** Somebody answers there, and it is no process of Meydan that may be watched. */
export class NoMeydan extends Error {}

const ANSWER_MS_MAX = 2_500
const Readiness = z.object({ status: z.string(), checks: z.record(z.string(), z.string()) })

/** Asks a process for `/metrics` and `/readyz`. Rejects when it does not answer in time, and with NoMeydan when it is something else. */
export async function ask(url: string, nowMs: () => number): Promise<Answer> {
  const signal = AbortSignal.timeout(ANSWER_MS_MAX)
  const [metrics, readiness] = await Promise.all(
    ['/metrics', '/readyz'].map(async (path) => {
      const response = await fetch(url + path, { signal })
      return { status: response.status, text: await response.text() }
    }),
  )
  const samples = parseExposition(metrics?.text ?? '')
  if (!samples.some(({ name }) => name.startsWith('meydan_'))) {
    throw new NoMeydan(`${url}/metrics answered ${metrics?.status} and nothing of Meydan's`)
  }
  const parsed = Readiness.safeParse(jsonOf(readiness?.text ?? ''))
  return { atMs: nowMs(), samples, ...(parsed.success ? parsed.data : { status: 'not ready', checks: {} }) }
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

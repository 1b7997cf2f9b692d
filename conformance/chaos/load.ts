import { setInterval } from 'node:timers/promises'
import { z } from 'zod'

/** One call of a load, answered. */
export interface Answered {
  /** Whether it may be made again without looking. */
  readonly idempotent: boolean
  /** Of the account that it makes. */
  readonly name: string | undefined
  readonly startedMs: number
  readonly endedMs: number
  /** `OK`, the code of the fault, or what `fetch` threw when there was no answer. */
  readonly code: string
  readonly error: unknown
}

const EVERY_MS = 10
const CALLS_PER_TURN = 5
/** A machine that others use takes fewer calls; what is tried here is not what happens to one that is given too many. */
const UNDER_WAY_MAX = 20
/** One call in so many makes an account; the others look. */
const COMMAND_EACH = 10
const Tokens = z.object({ accessToken: z.string() })
const Faulty = z.object({ error: z.object({ code: z.string() }) })

/** 500 calls a second over REST, or as many as the machine can take, as players make them, until it is stopped. */
export interface Load {
  readonly answered: readonly Answered[]
  /** Sends no more, and resolves when all that was sent is answered. */
  stop(): Promise<void>
}

/** `name` tells the accounts of this load from those of others. */
export async function startLoad(url: string, name: string): Promise<Load> {
  const { accessToken } = Tokens.parse(await (await makeAccount(url, `${name} 0`)).json())
  const answered: Answered[] = []
  const under = new Set<Promise<unknown>>()
  const stopping = new AbortController()
  let count = 0

  const look = (): Promise<Response> => {
    const path = count % 2 === 0 ? '/v1/players/me' : '/v1/identity/account'
    return fetch(url + path, { headers: { authorization: `Bearer ${accessToken}` } })
  }
  const callOnce = async (): Promise<void> => {
    const idempotent = ++count % COMMAND_EACH !== 0
    const account = idempotent ? undefined : `${name} ${count}`
    const startedMs = performance.now()
    const { code, error } = await outcome(account === undefined ? look() : makeAccount(url, account))
    answered.push({ idempotent, name: account, startedMs, endedMs: performance.now(), code, error })
  }
  const send = async (): Promise<void> => {
    for await (const _ of setInterval(EVERY_MS)) {
      if (stopping.signal.aborted) return
      for (let call = 0; call < CALLS_PER_TURN && under.size < UNDER_WAY_MAX; call++) {
        const running = callOnce().finally(() => under.delete(running))
        under.add(running)
      }
    }
  }
  const sending = send()
  return {
    answered,
    async stop() {
      stopping.abort()
      await sending
      await Promise.all(under)
    },
  }
}

function makeAccount(url: string, displayName: string): Promise<Response> {
  return fetch(`${url}/v1/identity/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName }),
  })
}

async function outcome(asked: Promise<Response>): Promise<{ code: string; error: unknown }> {
  try {
    const response = await asked
    const body: unknown = await response.json()
    if (response.ok) return { code: 'OK', error: undefined }
    return { code: Faulty.parse(body).error.code, error: body }
  } catch (error) {
    return { code: String(error), error }
  }
}

import { Fault } from '@meydan/contracts/core'

const ASK_AGAIN_MS = 1_000
const ASKS_MAX = 10

/**
 * A server that is busy, away or just being replaced is asked again, for 10 s and a little: whoever is in a match should not stay outside
 * because of it. A refusal stays one.
 */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let asked = 1; ; asked++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Fault) || error.status < 500 || asked === ASKS_MAX) throw error
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
    }
  }
}

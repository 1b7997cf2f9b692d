import { type Answer, ask, NoMeydan } from './asking.ts'
import { type Overview, overview, type Seen } from './overview.ts'
import type { Known, Processes } from './processes.ts'

/** Rates are of the last so many looks: of a single second they would jump. */
const ANSWERS_KEPT = 5

/** Follows the processes of an installation from look to look. */
export interface Watch {
  look(): Promise<Overview>
  /** The last look found what is no process of Meydan; else undefined. */
  readonly stranger: NoMeydan | undefined
}

export function watch(processes: Processes, nowMs: () => number): Watch {
  const seen = new Map<string, Seen>()
  let stranger: NoMeydan | undefined

  /** Undefined when it does not answer. */
  const answerOf = async (url: string): Promise<Answer | undefined> => {
    try {
      return await ask(url, nowMs)
    } catch (error) {
      if (error instanceof NoMeydan) stranger = error
      return undefined
    }
  }

  const see = async ({ name, url, lostSinceMs }: Known): Promise<void> => {
    const before = seen.get(name)
    const answer = url === null ? undefined : await answerOf(url)
    const silentSinceMs = answer ? undefined : (before?.silentSinceMs ?? lostSinceMs ?? nowMs())
    const answers = answer ? [...(before?.answers ?? []), answer].slice(-ANSWERS_KEPT) : (before?.answers ?? [])
    seen.set(name, { name, url: url ?? before?.url ?? null, answers, silentSinceMs })
  }

  return {
    get stranger() {
      return stranger
    },
    async look() {
      stranger = undefined
      const known = processes.now()
      await Promise.all(known.map(see))
      const names = new Set(known.map(({ name }) => name))
      for (const { name } of seen.values()) if (!names.has(name)) seen.delete(name)
      return overview([...seen.values()], nowMs())
    },
  }
}

import { z } from 'zod'
import { CORES, startOn } from './child.ts'
import { ProcessState, type StateAsked } from './state.ts'

const Kept = z.object({ url: z.string(), pid: z.number() })

export interface RunningPlatform {
  readonly url: string
  /** Of the platform itself. */
  readonly pid: number
  state(asked?: StateAsked): Promise<ProcessState>
  stop(): Promise<void>
}

/**
 * The whole platform in a process of its own, with `settings` (MEYDAN_…) beside the defaults. It never outlives this process. `nodeFlags`
 * are for profiles.
 */
export async function startPlatform(
  settings: Readonly<Record<string, string>> = {},
  nodeFlags: readonly string[] = [],
): Promise<RunningPlatform> {
  const keeper = startOn(CORES.load, new URL('keeper.ts', import.meta.url), [JSON.stringify(nodeFlags)], {
    env: settings,
  })
  try {
    const { url, pid } = Kept.parse(await keeper.ask('url'))
    return {
      url,
      pid,
      state: async (asked = 'state') => ProcessState.parse(await keeper.ask(asked)),
      stop: () => keeper.stop(),
    }
  } catch (error) {
    await keeper.stop()
    throw error
  }
}

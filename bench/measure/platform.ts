import { z } from 'zod'
import { CORES, startOn } from './child.ts'

const Kept = z.object({ url: z.string() })

export interface RunningPlatform {
  readonly url: string
  stop(): Promise<void>
}

/** The whole platform in a process of its own, with `settings` (MEYDAN_…) beside the defaults. It never outlives this process. */
export async function startPlatform(settings: Readonly<Record<string, string>> = {}): Promise<RunningPlatform> {
  const keeper = startOn(CORES.load, new URL('keeper.ts', import.meta.url), [], { env: settings })
  try {
    const { url } = Kept.parse(await keeper.ask('url'))
    return { url, stop: () => keeper.stop() }
  } catch (error) {
    await keeper.stop()
    throw error
  }
}

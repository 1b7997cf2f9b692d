import { CORES, startOn } from '../measure/child.ts'
import { type PeopleAsked, PeopleCounted } from './messages.ts'

/** The players, in a process of their own on the load's core. */
export interface People {
  /** Answers with what all of them have met since the beginning. */
  ask(asked: PeopleAsked): Promise<PeopleCounted>
  stop(): Promise<void>
}

export function startPeople(): People {
  const child = startOn(CORES.load, new URL('people.ts', import.meta.url), [], { env: { NODE_ENV: 'production' } })
  return {
    ask: async (asked) => PeopleCounted.parse(await child.ask(asked)),
    stop: () => child.stop(),
  }
}

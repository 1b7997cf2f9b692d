import { core } from '@meydan/contracts/core'
import { deepFreeze } from './freeze.ts'
import type { Link } from './link.ts'
import type { Pipeline } from './pipeline.ts'

/** The pipelines of one process: contract, then procedure. */
export type Pipelines = ReadonlyMap<string, ReadonlyMap<string, Pipeline>>

/**
 * Calls within the process: a function call through the pipeline. With `freeze` the arguments are frozen where they
 * are handed over, so that a caller which goes on to change them fails here as it would be wrong there.
 */
export function localLink(pipelines: Pipelines, freeze: boolean): Link {
  return {
    call(contract, procedure, input, context, caller) {
      const target = pipelines.get(contract.name)?.get(procedure)
      if (!target) return Promise.reject(core.UNKNOWN_CALL({ details: { call: `${contract.name}.${procedure}` } }))
      return target.answer(freeze ? deepFreeze(input) : input, context, caller)
    },
  }
}

import { core } from '@meydan/contracts/core'
import type { z } from 'zod'

/** A hostile input can be wrong in ten thousand places; the first few say enough. */
const ISSUES_MAX = 20

export interface InputIssue {
  /** Where, with dots: `seats.0.name`; empty for the input as a whole. */
  field: string
  message: string
}

/** The parsed input. Throws INVALID_INPUT with `details` `{ field, issues: InputIssue[] }`, `field` being the first issue's. */
export function validInput(schema: z.ZodType, input: unknown): unknown {
  // A call without input and a call with an empty one mean the same.
  const parsed = safeParse(schema, input ?? {})
  if (parsed.success) return parsed.data
  throw inputFault(parsed.error.issues)
}

/** A schema that recurses (any JSON) overflows the stack on an input that is deep enough, and that is the input's fault. */
function safeParse(schema: z.ZodType, input: unknown) {
  try {
    return schema.safeParse(input)
  } catch (error) {
    if (error instanceof RangeError)
      throw core.INVALID_INPUT({ message: 'The input is nested too deeply.', cause: error })
    throw error
  }
}

/**
 * The input without the fields that the schema has no name for, which are taken out of it in place. For callers whose
 * contract is newer: what they say more is optional, or the version would be another.
 */
export function knownFields(schema: z.ZodType, input: unknown): unknown {
  const parsed = safeParse(schema, input ?? {})
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys') forget(input, issue.path, issue.keys)
  }
  return input
}

function forget(input: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  const holder = path.reduce<unknown>((within, key) => (isObject(within) ? Reflect.get(within, key) : undefined), input)
  if (isObject(holder)) for (const key of keys) Reflect.deleteProperty(holder, key)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

export function inputFault(issues: readonly z.core.$ZodIssue[]) {
  const told = issues.flatMap(readable).slice(0, ISSUES_MAX)
  const first = told[0] ?? { field: '', message: 'not valid' }
  return core.INVALID_INPUT({
    message: first.field === '' ? first.message : `${first.field}: ${first.message}`,
    details: { field: first.field, issues: told },
  })
}

function readable(issue: z.core.$ZodIssue): InputIssue[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: issue.path.join('.'), message: issue.message }]
  return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), message: 'no such field' }))
}

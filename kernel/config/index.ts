import type { z } from 'zod'

/** One environment variable: what it may be, what it is when nobody says, and a sentence for `--help`. */
export interface Setting<S extends z.ZodType = z.ZodType> {
  readonly env: `MEYDAN_${string}`
  /** Parses the text of the variable. */
  readonly schema: S
  /** As text, as an operator would write it; null: not set. */
  readonly default: string | null
  readonly help: string
  /** Never shown. */
  readonly secret?: boolean
}

export type Settings = Readonly<Record<string, Setting>>
export type SettingValues<S extends Settings> = { readonly [K in keyof S]: z.output<S[K]['schema']> }

export function setting<S extends z.ZodType>(definition: Setting<S>): Setting<S> {
  return definition
}

/** What an operator got wrong, in sentences that say what to do. Printed without a stack. */
export class OperatorError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'OperatorError'
  }
}

const PREFIX = 'MEYDAN_'

/**
 * Reads and validates every setting. Throws an OperatorError that names each bad variable, and each unknown
 * `MEYDAN_…` one: a misspelt setting must not silently mean its default.
 */
export function readSettings<S extends Settings>(
  settings: S,
  env: Readonly<Record<string, string | undefined>>,
): SettingValues<S> {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  const known = new Set<string>()
  for (const [name, definition] of Object.entries(settings)) {
    known.add(definition.env)
    const given = env[definition.env]
    const text = given === undefined || given === '' ? (definition.default ?? undefined) : given
    const parsed = definition.schema.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else problems.push(complaint(definition, given, parsed.error))
  }
  for (const name of Object.keys(env)) {
    if (name.startsWith(PREFIX) && !known.has(name)) problems.push(`${name} is not a setting of Meydan`)
  }
  if (problems.length > 0) throw new OperatorError(`${problems.join(';\n')}; \`meydan --help\` lists every setting.`)
  return values as SettingValues<S>
}

function complaint(definition: Setting, given: string | undefined, error: z.ZodError): string {
  const why = error.issues.map((issue) => issue.message).join('; ')
  if (given === undefined) return `${definition.env} must be set: ${definition.help}`
  return definition.secret ? `${definition.env}: ${why}` : `${definition.env}='${given}': ${why}`
}

/** The table `--help` prints, one setting a line. */
export function describeSettings(settings: Settings): string {
  const rows = Object.values(settings).map((definition) => [
    definition.env,
    definition.default === null ? '–' : definition.default,
    definition.help,
  ])
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map(
      ([env = '', value = '', help = '']) =>
        `  ${env.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${help}`,
    )
    .join('\n')
}

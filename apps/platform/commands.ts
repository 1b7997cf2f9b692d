import { describeSettings, OperatorError } from '@meydan/kernel/config'
import { grant } from './grant.ts'
import { ledger } from './ledger.ts'
import { makeSecrets, secretsText } from './secrets.ts'
import { settings } from './settings.ts'
import { start } from './start.ts'
import { withStores } from './stores.ts'
import { top } from './top/top.ts'
import { crash } from './verify-crash.ts'

export interface Command {
  readonly usage: string
  readonly help: string
  run(args: readonly string[]): Promise<void>
}

export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['start', { usage: 'start', help: 'start the platform; Ctrl-C stops it', run: () => start() }],
  [
    'top',
    {
      usage: 'top [--once] [--json] [--url URL …]',
      help: 'watch the processes that run: those of MEYDAN_REDIS_URL, else the one at MEYDAN_PORT',
      run: top,
    },
  ],
  [
    'events',
    { usage: 'events dead|redrive [GROUP [ID]]', help: 'look at dead letters, or put them back in line', run: events },
  ],
  [
    'grant',
    {
      usage: 'grant USERNAME support|admin',
      help: 'give a role to an account (its own or its generated username)',
      run: grant,
    },
  ],
  [
    'ledger',
    {
      usage: 'ledger verify [--head HEX]',
      help: 'recompute the ledger from what was written, up to a published head; exit code 1 when something is wrong',
      run: ledger,
    },
  ],
  [
    'crash',
    {
      usage: 'crash verify ROUND | --hash H --salt S',
      help: 'show how the result of a round of the crash game follows from what was committed to; --url says of which server',
      run: crash,
    },
  ],
  [
    'secrets',
    {
      usage: 'secrets',
      help: 'print new secrets for MEYDAN_SECRETS',
      run: async () => void process.stdout.write(secretsText(await makeSecrets())),
    },
  ],
])

export function usage(): string {
  const lines = [...commands.values()].map((command) => `  meydan ${command.usage.padEnd(36)}${command.help}`)
  return `Meydan, a backend for multiplayer games and their communities.

Commands
${lines.join('\n')}

Settings (environment variables)
${describeSettings(settings)}
`
}

async function events(args: readonly string[]): Promise<void> {
  const [what, group, id] = args
  const known = what === 'dead' || (what === 'redrive' && group !== undefined)
  if (!known) throw new OperatorError('Use: meydan events dead [GROUP], or meydan events redrive GROUP [ID].')
  await withStores(async ({ bus }) => {
    if (what === 'redrive' && group !== undefined) {
      process.stdout.write(`${await bus.redrive(group, id)} put back in line for ${group}\n`)
      return
    }
    const letters = await bus.deadLetters(group)
    for (const letter of letters) {
      const { name, key } = letter.envelope
      process.stdout.write(`${letter.at}  ${letter.group}  ${letter.id}  ${name} key=${key}  ${letter.error}\n`)
    }
    process.stdout.write(`${letters.length} dead letters\n`)
  })
}

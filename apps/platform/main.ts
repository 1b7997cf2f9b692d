import { OperatorError } from '@meydan/kernel/config'
import { commands, usage } from './commands.ts'

/** `meydan <command> …`; `--help` anywhere explains. An operator's mistake is a sentence and exit code 1, not a stack. */
async function main(argv: readonly string[]): Promise<void> {
  const [name = '--help', ...rest] = argv
  const command = commands.get(name)
  if (name === '--help' || name === 'help' || rest.includes('--help')) {
    process.stdout.write(usage())
    return
  }
  if (!command) throw new OperatorError(`There is no command '${name}'.\n\n${usage()}`)
  await command.run(rest)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof OperatorError)) throw error
  process.stderr.write(`meydan: ${error.message}\n`)
  process.exitCode = 1
}

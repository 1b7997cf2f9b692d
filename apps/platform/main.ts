import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '@meydan/kernel/config'

// What was compiled once takes each start half a second of a core less. Where the folder cannot be written Node goes on without.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)))
const { commands, usage } = await import('./commands.ts')

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

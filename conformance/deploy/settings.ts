import { execFileSync } from 'node:child_process'
import { inRepo } from './tools.ts'

/** Where the drivers for more than one machine will be named; a deployment without them would have to be written anew. */
const AWAITED = ['MEYDAN_REDIS_URL', 'MEYDAN_KAFKA_BROKERS']

/** Every setting that the platform knows, read where an operator reads them. */
export function knownSettings(): ReadonlySet<string> {
  const help = execFileSync(process.execPath, [inRepo('apps/platform/main.ts'), '--help'], { encoding: 'utf8' })
  const named = help.match(/^ {2}MEYDAN_[A-Z_]+/gm) ?? []
  return new Set([...named.map((name) => name.trim()), ...AWAITED])
}

import { execFileSync } from 'node:child_process'
import { inRepo } from './tools.ts'

/** Every setting that the platform knows, read where an operator reads them. */
export function knownSettings(): ReadonlySet<string> {
  const help = execFileSync(process.execPath, [inRepo('apps/platform/main.ts'), '--help'], { encoding: 'utf8' })
  const named = help.match(/^ {2}MEYDAN_[A-Z_]+/gm) ?? []
  return new Set(named.map((name) => name.trim()))
}

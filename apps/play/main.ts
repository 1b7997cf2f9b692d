import { parseArgs } from 'node:util'
import { pilotFor } from './pilot.ts'
import { Player } from './player.ts'
import { latenessText, resultLines, Table } from './table.ts'

/** `npm run play -- --players 20`: fills a running server with people who each play one real match. */
const USAGE = 'play: [--players 20] [--url http://127.0.0.1:4000] [--seconds 600] [--game arena]'
const METRICS_MS_MAX = 5_000
const ERRORS_SHOWN_MAX = 5

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function settings() {
  try {
    return parseArgs({
      options: {
        players: { type: 'string', default: '20' },
        url: { type: 'string', default: 'http://127.0.0.1:4000' },
        seconds: { type: 'string', default: '600' },
        game: { type: 'string', default: 'arena' },
      },
    }).values
  } catch (error) {
    if (error instanceof TypeError) fail(`${error.message}\n${USAGE}`)
    throw error
  }
}

const values = settings()
const url = values.url.replace(/\/+$/, '')
const count = Number(values.players)
const secondsMax = Number(values.seconds)
if (!Number.isInteger(count) || count < 1 || count > 1_000 || !(secondsMax > 0) || secondsMax > 86_400) {
  fail(`play: --players is 1 to 1000, --seconds is 1 to 86400\n${USAGE}`)
}
const pilot = pilotFor(values.game) ?? fail(`play: there is no game named ${values.game}`)

/** Undefined when the server does not answer, which a busy one may do now and then. */
async function metrics(): Promise<string | undefined> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(METRICS_MS_MAX) })
    return answer.ok ? await answer.text() : undefined
  } catch (error) {
    // `fetch` says TypeError for a server that is away, and DOMException for one that is too slow.
    if (error instanceof TypeError || error instanceof DOMException) return undefined
    throw error
  }
}

const before =
  (await metrics()) ?? fail(`play: nobody answers at ${url}; start the platform with npm start, or give --url`)
const players = Array.from({ length: count }, () => new Player(url, values.game, pilot))
const finished = Promise.all(players.map((player, index) => player.play(`Player ${index + 1}`)))
const table = new Table(players)
let isReading = false
const drawing = setInterval(async () => {
  // One slow answer of the server delays the next line instead of piling up questions.
  if (isReading) return
  isReading = true
  process.stdout.write(`${table.line(await metrics(), before)}\n`)
  isReading = false
}, 1_000)

const { promise: outOfTime, resolve } = Promise.withResolvers<'late'>()
const timer = setTimeout(() => resolve('late'), secondsMax * 1_000)
const ending = await Promise.race([finished, outOfTime])
clearInterval(drawing)
clearTimeout(timer)

const failed = players.filter(({ stage }) => stage === 'failed')
const done = players.filter(({ stage }) => stage === 'done')
for (const { error } of failed.slice(0, ERRORS_SHOWN_MAX)) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
}
const summary = [
  '',
  ...resultLines(players),
  `${done.length} of ${count} played to the end, ${failed.length} failed; tick lateness p99 ${latenessText(await metrics(), before)}`,
  ...(ending === 'late' ? [`stopped after ${secondsMax} s`] : []),
]
process.stdout.write(`${summary.join('\n')}\n`)
process.exit(failed.length === 0 ? 0 : 1)

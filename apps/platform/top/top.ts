import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { OperatorError, readSettings } from '@meydan/kernel/config'
import { systemClock } from '@meydan/kernel/time'
import { type PlatformSettings, settings } from '../settings.ts'
import { BY_NAME } from './columns.ts'
import { live } from './live.ts'
import type { Overview } from './overview.ts'
import { picture } from './picture.ts'
import { type Processes, processesAt, processesInRedis } from './processes.ts'
import { openScreen, paint } from './screen.ts'
import { type Watch, watch } from './watching.ts'

/** Between the two looks that rates need. */
const BETWEEN_MS = 1_000
/** Of what is no terminal, and cuts nothing off. */
const PAGE_WIDTH = 120

/** `meydan top`: the running platform, drawn anew each second; one table where nobody watches, and JSON for scripts. */
export async function top(args: readonly string[]): Promise<void> {
  const { url: urls, once, json } = optionsOf(args)
  const processes = await processesOf(urls, readSettings(settings, process.env))
  try {
    const watching = watch(processes, systemClock.now)
    const first = await firstLook(watching, processes, urls)
    if (json || once || !process.stdout.isTTY) {
      await delay(BETWEEN_MS)
      print(await watching.look(), json)
      return
    }
    await onScreen(watching, first)
  } finally {
    await processes.close()
  }
}

function optionsOf(args: readonly string[]): { url: string[]; once: boolean; json: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', multiple: true, default: [] },
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    for (const url of values.url) if (!/^https?:\/\/[^/]+\/*$/.test(url)) throw new TypeError(`${url} is no address`)
    return values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new OperatorError(`Use: meydan top [--once] [--json] [--url http://host:port …]. (${error.message})`)
  }
}

async function processesOf(urls: readonly string[], values: PlatformSettings): Promise<Processes> {
  if (urls.length > 0) return processesAt(urls)
  if (values.redisUrl !== undefined) return processesInRedis(values)
  return processesAt([`http://127.0.0.1:${values.port}`])
}

/** Throws an OperatorError when there is nothing to see, which later on would be news. */
async function firstLook(watching: Watch, { place }: Processes, urls: readonly string[]): Promise<Overview> {
  const seen = await watching.look()
  if (watching.stranger) {
    throw new OperatorError(
      `${watching.stranger.message}: name the port of a process of Meydan itself with --url; what stands before it keeps /metrics from the public.`,
      { cause: watching.stranger },
    )
  }
  if (seen.processes.length === 0) {
    throw new OperatorError(
      `No process has announced itself in ${place}: start one, or correct MEYDAN_REDIS_URL and MEYDAN_REDIS_PREFIX.`,
    )
  }
  if (seen.processes.some(({ state }) => state !== 'silent')) return seen
  throw new OperatorError(
    urls.length > 0
      ? `Nothing answers at ${place}: correct --url, or start the platform there.`
      : `Nothing answers of what is known from ${place}: start the platform (npm start), say where it is with --url http://host:port, or name in MEYDAN_REDIS_URL the Redis that its processes share.`,
  )
}

function print(seen: Overview, json: boolean): void {
  const plain = { rows: seen.processes.length, from: 0, sortedBy: BY_NAME, paint }
  const text = json
    ? JSON.stringify(seen, null, 2)
    : picture(seen, { ...plain, width: process.stdout.columns ?? PAGE_WIDTH }).join('\n')
  process.stdout.write(`${text}\n`)
}

async function onScreen(watching: Watch, first: Overview): Promise<void> {
  const stop = new AbortController()
  const end = (): void => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
  const screen = openScreen(process)
  try {
    await live(watching, first, screen, stop)
  } finally {
    screen.close()
  }
}

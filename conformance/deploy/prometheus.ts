import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@meydan/conformance/platform'
import { z } from 'zod'
import { inRepo, pathOf } from './tools.ts'

const READY_MS_MAX = 10_000
const POLL_MS = 50

const Found = z.object({ data: z.object({ result: z.array(z.unknown()) }) })
const Rules = z.object({
  data: z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) })),
  }),
})

/** A real Prometheus with the shipped configuration. */
export interface Prometheus {
  /** How many series the query gives. Throws when it is no query. */
  count(query: string): Promise<number>
  /** The health of each alert by its name: `ok`, or `unknown` before it was first tried. */
  health(): Promise<Record<string, string>>
  stop(): Promise<void>
}

/** Watches `addresses` (`127.0.0.1:4000`) in place of those that the shipped configuration names, each second. */
export async function startPrometheus(addresses: readonly string[]): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-prometheus-'))
  await cp(inRepo('deploy/prometheus'), folder, { recursive: true })
  const file = join(folder, 'prometheus.yml')
  const shipped = await readFile(file, 'utf8')
  const targets = `targets: [${addresses.map((address) => `'${address}'`).join(', ')}]`
  await writeFile(file, shipped.replace(/targets: \[.*\]/, targets).replaceAll('_interval: 15s', '_interval: 1s'))

  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'data')}`]
  const child = spawn(pathOf('prometheus'), [...args, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], {
    stdio: 'ignore',
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true })
  }
  if (!(await isReady(url))) {
    await stop()
    throw new Error('Prometheus was not ready in time')
  }

  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(url + path)
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
    return answer.json()
  }
  return {
    async count(query) {
      return Found.parse(await ask(`/api/v1/query?query=${encodeURIComponent(query)}`)).data.result.length
    },
    async health() {
      const { groups } = Rules.parse(await ask('/api/v1/rules')).data
      return Object.fromEntries(groups.flatMap(({ rules }) => rules.map(({ name, health }) => [name, health])))
    },
    stop,
  }
}

async function isReady(url: string): Promise<boolean> {
  const untilMs = performance.now() + READY_MS_MAX
  while (performance.now() < untilMs) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined)
    if (answer?.ok) return true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return false
}

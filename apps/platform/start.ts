import { readSettings } from '@meydan/kernel/config'
import { createLog } from '@meydan/kernel/telemetry'
import { openPlatform, type Where } from './compose.ts'
import { settings } from './settings.ts'

/** Starts the platform, says where it is, and stops it cleanly on Ctrl-C or SIGTERM. */
export async function start(): Promise<void> {
  const startedMs = performance.now()
  const values = readSettings(settings, process.env)
  const pretty = values.env !== 'production'
  const log = createLog({ level: values.logLevel, pretty, name: 'meydan' })
  const say = (line: string): void => void process.stdout.write(`${line}\n`)

  const platform = openPlatform(values, log, pretty ? (what) => say(`  … ${what}`) : () => undefined)
  const stop = async (signal: string): Promise<void> => {
    if (pretty) say(`\n  stopping (${signal}) …`)
    // A start that failed has told so by itself; here only what was opened matters.
    await platform.stop(values.drainMs)
    if (pretty) say('  stopped; nothing is left running.')
    process.exit(process.exitCode ?? 0)
  }
  let signals = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // npm passes a terminal's Ctrl-C on, so that two in a row are one wish; a third means now.
      if (++signals === 1) void stop(signal)
      else if (signals > 2) process.exit(1)
    })
  }

  void platform.failed.then(() => {
    process.exitCode = 1
    void stop('this process may not go on')
  })

  try {
    const where = await platform.opened
    const tookS = ((performance.now() - startedMs) / 1_000).toFixed(1)
    if (pretty) say(banner(where, tookS))
    else log.info({ ...where }, 'ready')
  } catch (error) {
    if (signals > 0) return
    await platform.stop(values.drainMs)
    throw error
  }
}

function banner({ url, metricsUrl, meshUrl, data }: Where, tookS: string): string {
  const lines = [`\n  Meydan is ready (${tookS} s)\n`]
  if (url) lines.push(`  Play      ${url}/app/`, `  API docs  ${url}/docs`)
  lines.push(`  Metrics   ${metricsUrl}`)
  if (meshUrl) lines.push(`  Mesh      ${meshUrl}`)
  lines.push(`  Data      ${data}`, '\n  Ctrl-C stops it.\n')
  return lines.join('\n')
}

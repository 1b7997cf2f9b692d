import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
/** A software renderer stands in for a graphics card; nothing is fetched that no page asked for. */
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]
const START_MS_MAX = 30_000

export interface RunningChromium {
  readonly browser: Browser
  close(): Promise<void>
}

export interface RunningTabs extends RunningChromium {
  /** What its one window holds. */
  readonly tabs: BrowserContext
}

/** Chromium with Playwright's defaults: every page believes that it is looked at. Without Chromium this fails, and says which file it looked for. */
export async function launchChromium(): Promise<RunningChromium> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  return { browser, close: () => browser.close() }
}

/**
 * Chromium as people have it: one window, whose tabs are hidden while another is in front. They draw nothing then, and their timers
 * run once a second. Playwright has no such pages when it starts the browser itself: it makes each of them believe that it is in front.
 */
export async function launchTabs(): Promise<RunningTabs> {
  const profile = await mkdtemp(join(tmpdir(), 'meydan-chromium-'))
  // Debian's Chromium opens a start page of its own, out on the Internet: driving it while that page fails to load may never begin.
  const quiet = ['--no-first-run', '--no-startup-window']
  const args = ['--headless', ...FLAGS, ...quiet, '--remote-debugging-port=0', `--user-data-dir=${profile}`]
  const child = spawn(CHROMIUM, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill()
    await exited
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  const late = setTimeout(() => child.kill('SIGKILL'), START_MS_MAX)
  try {
    const url = await debuggerOf(child.stderr)
    // What it goes on printing is nobody's: unread, it would fill the pipe and hold the browser up.
    child.stderr.resume()
    const browser = await chromium.connectOverCDP(url, { noDefaults: true })
    const [tabs] = browser.contexts()
    if (!tabs) throw new Error('Chromium opened no window')
    return {
      browser,
      tabs,
      async close() {
        await browser.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  } finally {
    clearTimeout(late)
  }
}

/** Where Chromium says that it can be driven. */
async function debuggerOf(printed: NodeJS.ReadableStream): Promise<string> {
  const lines: string[] = []
  for await (const line of createInterface(printed)) {
    const [, url] = /^DevTools listening on (ws:\S+)/.exec(line) ?? []
    if (url) return url
    lines.push(line)
  }
  throw new Error(`Chromium ended before it could be driven:\n${lines.join('\n')}`)
}

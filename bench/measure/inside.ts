import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type ProcessState, StateAsked } from './state.ts'

/**
 * Imported into a server before its own code (`--import`): answers what it is asked over the channel of `process.send`, and changes
 * nothing else. `process.memoryUsage` and garbage collection can only be had from inside.
 */
const LOOP_LOOK_MS = 5
const NS_PER_MS = 1e6
const loop = monitorEventLoopDelay({ resolution: LOOP_LOOK_MS })
loop.enable()

function openFiles(): { openFiles: number; openFilesMax: number | null } {
  if (process.platform !== 'linux') return { openFiles: 0, openFilesMax: null }
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return { openFiles: readdirSync('/proc/self/fd').length, openFilesMax: soft === undefined ? null : Number(soft) }
}

function state(): ProcessState {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  // What the loop was late beyond the look itself.
  const loopDelayMaxMs = Math.max(0, loop.max / NS_PER_MS - LOOP_LOOK_MS)
  loop.reset()
  return { rssBytes: rss, heapUsedBytes: heapUsed, cpuUs: user + system, ...openFiles(), loopDelayMaxMs }
}

process.on('message', (message) => {
  const asked = StateAsked.safeParse(message)
  if (!asked.success) return
  if (asked.data === 'collect') globalThis.gc?.()
  process.send?.(state())
})
// Whoever measures may end first; the server's life does not hang on it.
process.channel?.unref()

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { OperatorError } from '@meydan/kernel/config'

export type StopSignal = 'SIGTERM' | 'SIGKILL'

/** A process of the cluster, or an engine beside it. */
export interface Child {
  readonly process: ChildProcess
  hasEnded(): boolean
  /** As Ctrl-C does, unless told to be harder; kills what has not ended in time. */
  stop(by?: StopSignal): Promise<void>
}

export interface ChildOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Each line that it prints. */
  readonly onLine: (line: string) => void
  /** It ended, and nobody had asked it to: its exit code, or the signal. */
  readonly onEnd: (how: number | string) => void
  /** What an operator does when the command is not there. */
  readonly install?: string
}

const STOP_MS_MAX = 15_000

/** Starts a process in a group of its own, so that a terminal's Ctrl-C reaches it through the cluster and not past it. */
export async function startChild({ command, args, env, onLine, onEnd, install }: ChildOptions): Promise<Child> {
  const child = spawn(command, [...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  for (const output of [child.stdout, child.stderr]) createInterface({ input: output }).on('line', onLine)
  const failed = once(child, 'error').then(([cause]) => {
    throw new OperatorError(`${command} cannot be started${install === undefined ? '' : `: ${install}`}.`, { cause })
  })
  await Promise.race([once(child, 'spawn'), failed])
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  let isAsked = false
  child.once('exit', (code, signal) => {
    if (!isAsked) onEnd(code ?? signal ?? '')
  })
  return {
    process: child,
    hasEnded,
    async stop(by = 'SIGTERM') {
      isAsked = true
      if (hasEnded()) return
      const exited = once(child, 'exit')
      child.kill(by)
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
      await exited
      clearTimeout(late)
    },
  }
}

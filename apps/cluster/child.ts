import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { OperatorError } from '@meydan/kernel/config'

/** A process of the cluster, or an engine beside it. */
export interface Child {
  readonly name: string
  readonly process: ChildProcess
  /** As Ctrl-C does; kills what has not ended `withinMs` later. */
  stop(withinMs: number): Promise<void>
}

export interface ChildOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Each line that it prints. */
  readonly onLine: (line: string) => void
  /** What an operator does when the command is not there. */
  readonly install?: string
}

/** Starts a process in a group of its own, so that a terminal's Ctrl-C reaches it through the cluster and not past it. */
export async function startChild({ name, command, args, env, onLine, install }: ChildOptions): Promise<Child> {
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
  return {
    name,
    process: child,
    async stop(withinMs) {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), withinMs)
      await exited
      clearTimeout(late)
    },
  }
}

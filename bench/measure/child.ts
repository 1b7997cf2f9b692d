import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** A child that was given no time to stop by itself is ended. */
const STOP_MS_MAX = 15_000

/** Whether processes can be kept on a core of their own here. */
export const canPin = process.platform === 'linux' && spawnSync('taskset', ['--version']).error === undefined

/** Servers run on the first core and their load on the second, so that neither takes the other's time. */
export const CORES = { server: 0, load: 1 } as const
/** How the processes of a benchmark were kept apart, for its result. */
export const PINNING = canPin ? 'server on core 0, load on core 1' : 'none: there is no taskset here'

/** The command that runs `command` on one core; where nothing can be pinned, the command itself. */
export function pinned(core: number, command: readonly string[]): { file: string; args: string[] } {
  const [file = '', ...args] = canPin ? ['taskset', '-c', String(core), ...command] : command
  return { file, args }
}

export interface Child {
  readonly process: ChildProcess
  /** Sends a message and gives the next one that comes back. */
  ask(message: unknown): Promise<unknown>
  /** Lets it end by itself, and waits. */
  stop(): Promise<void>
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Flags of Node itself, such as `--cpu-prof`. */
  readonly nodeFlags?: readonly string[]
}

/**
 * Starts a script of ours on one core. Ours talk over the channel of `process.send`, and end when it closes, so that
 * nothing is left running when whoever measures is killed.
 */
export function startOn(core: number, script: URL, args: readonly string[], options: ChildOptions = {}): Child {
  const command = pinned(core, [process.execPath, ...(options.nodeFlags ?? []), script.pathname, ...args])
  const child = spawn(command.file, command.args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...options.env },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const next = async (): Promise<unknown> => {
    const gone = ended.then(() => {
      throw new Error(`${script.pathname.split('/').slice(-2).join('/')} ended before it answered`)
    })
    // Whichever comes second is nobody's business any more.
    gone.catch(() => undefined)
    const [message] = await Promise.race([once(child, 'message'), gone])
    return message
  }
  return {
    process: child,
    ask(message) {
      const answer = next()
      child.send(message as object)
      return answer
    },
    async stop() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
      await ended
      clearTimeout(timer)
    },
  }
}

/** The child's side: answers messages one at a time, and stops when the parent has let go. */
export function serveParent(answer: (message: unknown) => Promise<unknown>, stop: () => Promise<void>): void {
  process.on('message', async (message) => {
    const answered = await answer(message)
    process.send?.(answered)
  })
  process.on('disconnect', async () => {
    await stop()
    process.exit()
  })
}

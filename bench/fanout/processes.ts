import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { CORES, canPin } from '../measure/child.ts'
import type { Contestant } from './contestants.ts'
import { ClientReady, ClientTold, type Load, Measured, ServerReady } from './messages.ts'

/** One contestant, running: a server process and a process with all its clients. */
export interface Running {
  measure(load: Load): Promise<Measured>
  stop(): void
}

export async function start(contestant: Contestant, sockets: number): Promise<Running> {
  const server = launch(CORES.server, 'server.ts', [contestant])
  const { port, controlPort } = await heard(server, ServerReady)
  const clients = launch(CORES.load, 'clients.ts', [contestant, `${port}`, `${controlPort}`, `${sockets}`])
  await heard(clients, ClientReady)
  return {
    async measure(load) {
      clients.send(load)
      await heard(clients, ClientTold)
      server.send(load)
      return heard(server, Measured)
    },
    stop() {
      end(clients)
      end(server)
    },
  }
}

function launch(core: number, file: string, args: string[]): ChildProcess {
  const node = [process.execPath, fileURLToPath(new URL(file, import.meta.url)), ...args]
  const [command = '', ...rest] = canPin ? ['taskset', '-c', `${core}`, ...node] : node
  const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  // A benchmark that goes on without one of its processes would wait for ever.
  child.on('exit', (code, signal) => {
    console.error(`${file} ${args[0]} ended (${signal ?? code})`)
    process.exit(1)
  })
  return child
}

function end(child: ChildProcess): void {
  child.removeAllListeners('exit')
  child.kill()
}

async function heard<S extends z.ZodType>(child: ChildProcess, schema: S): Promise<z.output<S>> {
  const [message] = await once(child, 'message')
  return schema.parse(message)
}

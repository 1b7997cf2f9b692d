import { z } from 'zod'
import { CORES, startOn } from '../measure/child.ts'
import { startPlatform } from '../measure/platform.ts'
import { ProcessState, type StateAsked } from '../measure/state.ts'

/** A server that sockets can be opened at, in a process of its own on the server's core. */
export interface SocketServer {
  readonly port: number
  state(asked?: StateAsked): Promise<ProcessState>
  stop(): Promise<void>
}

const Listening = z.object({ port: z.int() })
const INSIDE = new URL('../measure/inside.ts', import.meta.url).href

/** The whole platform. */
export async function ourServer(
  settings: Readonly<Record<string, string>>,
  nodeFlags: readonly string[] = [],
): Promise<SocketServer> {
  const platform = await startPlatform(settings, nodeFlags)
  return { port: Number(new URL(platform.url).port), state: platform.state, stop: platform.stop }
}

export async function bareServer(): Promise<SocketServer> {
  const nodeFlags = ['--expose-gc', `--import=${INSIDE}`]
  const child = startOn(CORES.server, new URL('bare.ts', import.meta.url), [], { nodeFlags })
  const { port } = Listening.parse(await child.ask('port'))
  return {
    port,
    state: async (asked = 'state') => ProcessState.parse(await child.ask(asked)),
    stop: () => child.stop(),
  }
}

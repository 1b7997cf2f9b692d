import { type Child, CORES, startOn } from '../measure/child.ts'
import { Counted, type OpenAsked, Opened } from './messages.ts'

/** Clients in processes of their own on the load's core, as many processes as their number needs. */
export interface Crowd {
  /** Opens the sockets, an equal share in each process. */
  open(asked: OpenAsked): Promise<Opened>
  count(): Promise<Counted>
  close(): Promise<void>
  stop(): Promise<void>
}

/** So many sockets that a process stays below the usual limits of open files. */
const SOCKETS_EACH_MAX = 10_000

export function startCrowd(sockets: number): Crowd {
  const processes = Array.from({ length: Math.ceil(sockets / SOCKETS_EACH_MAX) }, (_, index) =>
    startOn(CORES.load, new URL('clients.ts', import.meta.url), [String(index)]),
  )
  const askAll = (ask: (child: Child, index: number) => Promise<unknown>) => Promise.all(processes.map(ask))
  const counted = async (message: 'count' | 'close'): Promise<Counted> => {
    const each = (await askAll((child) => child.ask(message))).map((answer) => Counted.parse(answer))
    return {
      open: each.reduce((sum, { open }) => sum + open, 0),
      pings: each.reduce((sum, { pings }) => sum + pings, 0),
      gone: each.flatMap(({ gone }) => gone),
    }
  }
  return {
    async open(asked) {
      const share = Math.ceil(asked.count / processes.length)
      const answers = await askAll((child, index) => {
        const before = index * share
        const count = Math.max(0, Math.min(share, asked.count - before))
        const inFlight = Math.ceil(asked.inFlight / processes.length)
        return child.ask({ open: { ...asked, count, inFlight, first: asked.first + before } })
      })
      const each = answers.map((answer) => Opened.parse(answer))
      return {
        tookMs: Math.max(...each.map(({ tookMs }) => tookMs)),
        welcomeMs: each.flatMap(({ welcomeMs }) => welcomeMs),
        cpuUs: each.reduce((sum, { cpuUs }) => sum + cpuUs, 0),
      }
    },
    count: () => counted('count'),
    close: async () => void (await counted('close')),
    stop: async () => void (await Promise.all(processes.map((child) => child.stop()))),
  }
}

import { z } from 'zod'
import { CONTESTANTS } from './contestants.ts'

/** What the processes of the benchmark say to each other over IPC, one answer for one message. */

export const Load = z.object({
  textBytes: z.int(),
  /** Events published in one turn of the event loop. */
  burst: z.int(),
  runMs: z.number(),
  sockets: z.int(),
})
export type Load = z.infer<typeof Load>

export const Contestant = z.enum(CONTESTANTS)
/** The first thing a server says. The control port is where its clients tell that a round has arrived. */
export const ServerReady = z.object({ port: z.int(), controlPort: z.int() })
export type ServerReady = z.infer<typeof ServerReady>
export const ClientReady = z.object({ connected: z.int() })
export const ClientTold = z.object({ expecting: z.int() })
export const Measured = z.object({ deliveries: z.int(), cpuMs: z.number(), wallMs: z.number() })
export type Measured = z.infer<typeof Measured>

/** In a child, before anything else: a parent that is stopped midway leaves nobody behind. */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit())
}

/** In a child: answers each message of the parent. */
export function answerParent(answer: (load: Load) => Promise<object>): void {
  process.on('message', (message) => {
    answer(Load.parse(message)).then(tellParent, (error: unknown) => {
      console.error(error)
      process.exit(1)
    })
  })
}

export function tellParent(message: object): void {
  process.send?.(message)
}

import { once } from 'node:events'
import { createServer } from 'node:net'
import { OperatorError } from '@meydan/kernel/config'

/** Where a part of this process listens, and which setting says so. */
export interface Listening {
  readonly address: string
  readonly port: number
  readonly setting: 'MEYDAN_PORT' | 'MEYDAN_MESH_PORT'
}

/** Asked before anything slow is opened: a taken port is known at once, and not after the database has started. */
export async function assertFree(listening: Listening): Promise<void> {
  if (listening.port === 0) return
  await withPort(listening, async () => {
    const probe = createServer().listen(listening.port, listening.address)
    await once(probe, 'listening')
    await new Promise((resolve) => probe.close(resolve))
  })
}

/** Runs what listens; where that fails because of port or address, says so in an OperatorError. */
export async function withPort<T>(listening: Listening, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen()
  } catch (cause) {
    const sentence = sentenceOf(cause, listening)
    throw sentence === undefined ? cause : new OperatorError(sentence, { cause })
  }
}

function sentenceOf(cause: unknown, { address, port, setting }: Listening): string | undefined {
  switch (cause instanceof Error && 'code' in cause ? cause.code : undefined) {
    case 'EADDRINUSE':
      return `Port ${port} is taken; stop what uses it, or choose another with ${setting}.`
    case 'EACCES':
      return `Port ${port} needs more rights; choose one above 1023 with ${setting}.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `This machine has no address ${address}; choose another with MEYDAN_HOST.`
    default:
      return undefined
  }
}

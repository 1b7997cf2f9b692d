import { isIP } from 'node:net'
import type { Log } from '@meydan/kernel/telemetry'
import { sparing } from '@meydan/kernel/telemetry'
import { createClient } from '@redis/client'
import { scripts } from './scripts.ts'

export interface ConnectionOptions {
  readonly url: string
  /** Put before every key. */
  readonly prefix: string
  /** Shown in `CLIENT LIST`. */
  readonly name: string
  readonly log: Log
}

const CONNECT_MS_MAX = 5_000
/** Commands that wait for their answers; more are refused, since the server is not keeping up. */
const WAITING_MAX = 10_000
const BEAT_MS = 1_000
/** Beats without a sign of life after which a connection is given up. Beats, not time: a process that stalled has seen none. */
const MISSED_MAX = 3
const AGAIN_MS_MAX = 1_000

/**
 * One connection, made anew whenever it is lost or silent for three seconds, with what it was subscribed to. While there is
 * none, commands are refused at once. The library bounds the time until a command is sent and not until it is answered: a
 * server that is stopped, or behind a dead network, would be waited for without end.
 *
 * Rejects with the first connection's error.
 */
export async function openConnection({ url, prefix, name, log }: ConnectionOptions) {
  const said = sparing(log)
  let opened = false
  const client = createClient({
    url,
    name,
    keyPrefix: prefix,
    scripts,
    disableOfflineQueue: true,
    commandsQueueMaxLength: WAITING_MAX,
    commandOptions: { timeout: 0 },
    maintNotifications: 'disabled',
    disableClientInfo: true,
    socket: {
      ...serverName(url),
      connectTimeout: CONNECT_MS_MAX,
      socketTimeout: CONNECT_MS_MAX,
      reconnectStrategy: (retries) => opened && Math.min(50 * 2 ** retries, AGAIN_MS_MAX),
    },
  })
  client.on('error', (error: Error) => {
    if (opened) said.warn('lost', { reason: error.message, connection: name }, 'no connection to Redis')
  })
  await client.connect()
  opened = true
  client.on('ready', () => log.info({ connection: name }, 'connected to Redis again'))

  let missed = 0
  const alive = () => {
    missed = 0
  }
  const beat = () => {
    if (!client.isReady) return alive()
    if (missed++ < MISSED_MAX) {
      // An error is a sign of life too.
      void client.ping().then(alive, alive)
      return
    }
    alive()
    said.warn('silent', { connection: name }, 'Redis does not answer; connecting anew')
    client.destroy()
    client.connect().catch((error: unknown) => log.debug({ err: error }, 'closed while connecting to Redis'))
  }
  const beating = setInterval(beat, BEAT_MS).unref()

  return {
    client,
    close(): void {
      clearInterval(beating)
      client.destroy()
    },
  }
}

/** What a server of many names chooses its certificate by (SNI), which the library does not send. An address is no name. */
function serverName(url: string): { servername?: string } {
  const { protocol, hostname } = new URL(url)
  return protocol === 'rediss:' && isIP(hostname) === 0 ? { servername: hostname } : {}
}

export type Connection = Awaited<ReturnType<typeof openConnection>>
export type RedisClient = Connection['client']

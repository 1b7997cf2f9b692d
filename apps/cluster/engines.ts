import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { OperatorError } from '@meydan/kernel/config'
import { type Child, startChild } from './child.ts'
import { layNginx, type NginxLayout } from './nginx.ts'

/** What an operator does where a command is missing. */
const INSTALL = {
  nginx: 'install it (apt-get install nginx)',
  'redis-server': 'install it (apt-get install redis-server), or name a Redis with --redis redis://host:6379',
} as const
type Command = keyof typeof INSTALL

const ANSWERS_MS_MAX = 10_000
const LOOK_EVERY_MS = 50

/** Throws an OperatorError for a command that is not on this machine, before anything is started that would have to be stopped again. */
export async function needCommand(command: Command): Promise<void> {
  try {
    await promisify(execFile)(command, ['-v'])
  } catch (cause) {
    throw new OperatorError(`${command} is not on this machine: ${INSTALL[command]}.`, { cause })
  }
}

/** Throws an OperatorError unless one of the brokers takes connections: better said once than by each process after ten seconds. */
export async function needKafka(brokers: string): Promise<void> {
  const answered = await Promise.all(
    brokers.split(',').map((broker) => {
      const [host = '', port] = broker.trim().split(':')
      return answers(Number(port), host)
    }),
  )
  if (answered.includes(true)) return
  throw new OperatorError(
    `No Kafka answers at ${brokers}: start it, or leave --kafka out, and Postgres carries the events.`,
  )
}

/** A Redis that keeps nothing on disk: what is in it may be lost. */
export async function startRedis(port: number, data: string, print: (line: string) => void): Promise<Child> {
  await mkdir(data, { recursive: true })
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--save', '']
  const install = INSTALL['redis-server']
  const onEnd = (how: number | string): void => print(`ended (${how}); stop the cluster and start it again`)
  const child = await startChild({ command: 'redis-server', args, onLine: () => undefined, onEnd, install })
  await answering('redis-server', child, port)
  return child
}

/** The shipped web entrance. */
export async function startNginx(layout: NginxLayout, print: (line: string) => void): Promise<Child> {
  const args = await layNginx(layout)
  const onEnd = (how: number | string): void =>
    print(`ended (${how}); this starts it again: nginx ${args.map((arg) => `'${arg}'`).join(' ')}`)
  const child = await startChild({ command: 'nginx', args, onLine: print, onEnd, install: INSTALL.nginx })
  await answering('nginx', child, layout.port)
  return child
}

async function answering(name: Command, child: Child, port: number): Promise<void> {
  const untilMs = performance.now() + ANSWERS_MS_MAX
  while (!(await answers(port))) {
    if (child.hasEnded()) throw new OperatorError(`${name} ended as it started; is port ${port} taken?`)
    if (performance.now() > untilMs) {
      await child.stop()
      throw new OperatorError(`${name} did not answer at port ${port} in time.`)
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ port, host, timeout: ANSWERS_MS_MAX })
  const away = (): void => {
    socket.destroy()
    resolve(false)
  }
  socket.once('error', away).once('timeout', away)
  socket.once('connect', () => {
    socket.destroy()
    resolve(true)
  })
  return promise
}

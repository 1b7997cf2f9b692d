import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '@meydan/kernel/config'
import { type Child, startChild } from './child.ts'

const NGINX = fileURLToPath(new URL('../../deploy/nginx', import.meta.url))
const ANSWERS_MS_MAX = 10_000
const LOOK_EVERY_MS = 50

/** A Redis that keeps nothing on disk: what is in it may be lost. */
export async function startRedis(port: number, data: string, onLine: (line: string) => void): Promise<Child> {
  await mkdir(data, { recursive: true })
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--save', '']
  const install = 'install it (apt-get install redis-server), or name one with MEYDAN_REDIS_URL'
  const child = await startChild({ name: 'redis', command: 'redis-server', args, onLine, install })
  await answering(child, port)
  return child
}

/** The shipped web entrance, before the gateways at these ports. */
export async function startNginx(
  port: number,
  gateways: readonly number[],
  data: string,
  onLine: (line: string) => void,
): Promise<Child> {
  await cp(NGINX, data, { recursive: true })
  const shipped = await readFile(join(NGINX, 'gateways.conf'), 'utf8')
  const servers = gateways.map((gateway) => shipped.replace('gateway:4000', `127.0.0.1:${gateway}`))
  await writeFile(join(data, 'gateways.conf'), servers.join(''))
  await writeFile(join(data, 'listen.conf'), `listen 127.0.0.1:${port};\n`)
  const args = ['-p', data, '-c', join(data, 'nginx.conf'), '-g', 'daemon off;']
  const install = 'install it (apt-get install nginx)'
  const child = await startChild({ name: 'nginx', command: 'nginx', args, onLine, install })
  await answering(child, port)
  return child
}

async function answering({ name, process: child }: Child, port: number): Promise<void> {
  const untilMs = performance.now() + ANSWERS_MS_MAX
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new OperatorError(`${name} ended as it started; is port ${port} taken?`)
    if (performance.now() > untilMs) throw new OperatorError(`${name} did not answer at port ${port} in time.`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1')
  socket.once('error', () => resolve(false))
  socket.once('connect', () => {
    socket.destroy()
    resolve(true)
  })
  return promise
}

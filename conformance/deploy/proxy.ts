import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { layNginx } from '@meydan/cluster'
import { freePort } from '@meydan/conformance/platform'
import { pathOf, run } from './tools.ts'

const READY_MS_MAX = 5_000

export interface FrontProxy {
  readonly url: string
  stop(): Promise<void>
}

function makeCertificate(folder: string): void {
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')]
  run('openssl', [...args, '-subj', '/CN=localhost', ...files])
}

/** A real nginx with the shipped configuration, before gateways at these addresses. */
export async function startProxy(gateways: readonly string[], options: { tls?: boolean } = {}): Promise<FrontProxy> {
  const port = await freePort()
  const { tls = false } = options
  const folder = await mkdtemp(join(tmpdir(), 'meydan-nginx-'))
  const args = await layNginx({ folder, port, gateways: gateways.map((url) => new URL(url).host), tls })
  if (tls) makeCertificate(folder)
  run('nginx', ['-t', ...args])
  const child = spawn(pathOf('nginx'), args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true })
  }
  try {
    await listens(port, child)
  } catch (error) {
    await stop()
    throw new Error(`nginx: ${complaints}`, { cause: error })
  }
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, stop }
}

async function listens(port: number, child: ChildProcess): Promise<void> {
  const untilMs = performance.now() + READY_MS_MAX
  while (performance.now() < untilMs && child.exitCode === null) {
    if (await answers(port)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('nginx did not listen in time')
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

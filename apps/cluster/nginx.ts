import { cp, readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SHIPPED = fileURLToPath(new URL('../../deploy/nginx', import.meta.url))

export interface NginxLayout {
  /** Where the configuration is laid, and what nginx writes. */
  readonly folder: string
  /** On loopback. */
  readonly port: number
  /** `host:port` of each. */
  readonly gateways: readonly string[]
  /** By the shipped example: `certificate.pem` and `key.pem` are to lie in the folder. */
  readonly tls?: boolean
}

/** Lays the shipped web entrance out in a folder, before these gateways. Gives the arguments that nginx runs it with, in the foreground. */
export async function layNginx({ folder, port, gateways, tls = false }: NginxLayout): Promise<string[]> {
  await cp(SHIPPED, folder, { recursive: true })
  const gateway = await readFile(join(SHIPPED, 'gateways.conf'), 'utf8')
  const lines = gateways.map((address) => gateway.replace('gateway:4000', address))
  await writeFile(join(folder, 'gateways.conf'), lines.join(''))
  const listen = await readFile(join(SHIPPED, tls ? 'tls.conf.example' : 'listen.conf'), 'utf8')
  await writeFile(join(folder, 'listen.conf'), listen.replace(/listen \d+/, `listen 127.0.0.1:${port}`))
  return ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', `daemon off;${asOwner()}`]
}

/** Started by root its workers are nobody, who may not write what is too long for memory below a folder of root's. */
function asOwner(): string {
  const { uid, username } = userInfo()
  return uid === 0 ? ` user ${username};` : ''
}

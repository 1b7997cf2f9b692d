import type { ServiceKeys } from '@meydan/kernel/rpc'
import { front } from './contracts.ts'
import { meshProcess } from './process.ts'
import { backService } from './services.ts'

/** The second process: answers for `back` until its standard input ends, which it does when the test goes away. */
export interface RemoteSettings {
  readonly keys: ServiceKeys
  readonly frontUrl: string
}

const { PLACEMENT = '{}' } = process.env
const settings: RemoteSettings = JSON.parse(PLACEMENT)
const running = await meshProcess({
  name: 'remote',
  services: [backService()],
  elsewhere: [front],
  addresses: () => ({ front: [settings.frontUrl] }),
  keys: settings.keys,
})
process.stdout.write(`${running.url}\n`)
process.stdin.once('end', () => void running.stop())
process.stdin.resume()

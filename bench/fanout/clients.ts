import { once } from 'node:events'
import { connect } from 'node:net'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { EVENT, type Contestant as Name } from './contestants.ts'
import { answerParent, Contestant, endWithParent, tellParent } from './messages.ts'

/** All clients of one contestant: `node clients.ts <contestant> <port> <control port> <sockets>`. */

endWithParent()
const [contestant, port, controlPort, sockets] = z
  .tuple([Contestant, z.coerce.number(), z.coerce.number(), z.coerce.number()])
  .parse(process.argv.slice(2))
const control = connect(controlPort, '127.0.0.1').setNoDelay(true)
await once(control, 'connect')

let textBytes = 0
let roundSize = 0
let missing = 0
/** Counts a delivery, after a look whether it can be what was published. */
function arrived(bytes: number): void {
  if (bytes < textBytes) throw new Error(`${bytes} bytes arrived, of ${textBytes} or more`)
  if (--missing > 0) return
  missing = roundSize
  control.write('.')
}

const CONNECT: { readonly [name in Name]: () => Promise<void> } = {
  async meydan() {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/socket`, 'meydan.v2.json', { perMessageDeflate: false })
    await once(socket, 'open')
    socket.send(JSON.stringify({ hello: { token: 'any' } }))
    await once(socket, 'message')
    socket.on('message', (data: Buffer) => arrived(data.length))
  },
  async ws() {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
    await once(socket, 'open')
    socket.on('message', (data: Buffer) => arrived(data.length))
  },
  async socketio() {
    const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, reconnection: false })
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', resolve)
      socket.on('connect_error', reject)
    })
    socket.on(EVENT, ({ data }: { data: { text: string } }) => arrived(data.text.length))
  },
}

for (let index = 0; index < sockets; index++) await CONNECT[contestant]()
tellParent({ connected: sockets })

answerParent(async (load) => {
  textBytes = load.textBytes
  roundSize = load.burst * sockets
  missing = roundSize
  return { expecting: roundSize }
})

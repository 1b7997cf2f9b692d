import { once } from 'node:events'
import { createServer } from 'node:net'
import { SERVERS } from './contestants.ts'
import { answerParent, Contestant, endWithParent, type Measured, tellParent } from './messages.ts'

/** One contestant's server. It publishes a round, waits until its clients have all of it, and so on for as long as it is told to. */

endWithParent()
const broadcaster = await SERVERS[Contestant.parse(process.argv[2])]()
const control = createServer()
control.listen(0, '127.0.0.1')
await once(control, 'listening')
const address = control.address()
if (address === null || typeof address === 'string') throw new Error('the control server has no port')
tellParent({ port: broadcaster.port, controlPort: address.port })

let roundOver: (() => void) | undefined
control.on('connection', (socket) => {
  socket.setNoDelay(true)
  socket.on('data', () => roundOver?.())
})

answerParent(async ({ textBytes, burst, runMs, sockets }): Promise<Measured> => {
  const text = 'x'.repeat(textBytes)
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  let rounds = 0
  while (performance.now() - startMs < runMs) {
    const arrived = new Promise<void>((resolve) => {
      roundOver = resolve
    })
    for (let index = 0; index < burst; index++) broadcaster.publish(text)
    await arrived
    rounds++
  }
  const { user, system } = process.cpuUsage(cpu)
  return {
    deliveries: rounds * burst * sockets,
    cpuMs: (user + system) / 1_000,
    wallMs: performance.now() - startMs,
  }
})

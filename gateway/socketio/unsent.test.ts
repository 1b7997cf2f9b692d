import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { boundUnsent, UNSENT_PACKETS_MAX } from './unsent.ts'

test('DESIGN §5 what waits for a slow reader never grows: its connection ends', () => {
  const connection = Object.assign(new EventEmitter(), { close: vi.fn() })
  boundUnsent(connection)
  const send = (packets: number): void => {
    for (let n = 0; n < packets; n++) connection.emit('packetCreate')
  }
  send(UNSENT_PACKETS_MAX)
  connection.emit('flush')
  send(UNSENT_PACKETS_MAX)
  expect(connection.close).not.toHaveBeenCalled()
  send(1)
  expect(connection.close).toHaveBeenCalledExactlyOnceWith(true)
})

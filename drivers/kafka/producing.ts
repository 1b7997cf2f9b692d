import { compatibilityPartitioner, type MessageToProduce, Producer, stringSerializers } from '@platformatic/kafka'
import type { Connection } from './connection.ts'

type Message = MessageToProduce<string, string, string, string>

/** Writes records so that what it says is stored is stored on every replica in sync. */
export interface Producing {
  send(messages: Message[]): Promise<void>
  close(): Promise<void>
}

export function createProducing(connection: Connection): Producing {
  const producer = new Producer<string, string, string, string>({
    ...connection,
    // All replicas in sync acknowledge, and a batch that is sent again on a lost answer is stored once.
    idempotent: true,
    serializers: stringSerializers,
    // The partition that Kafka's own client would choose for the key.
    partitioner: compatibilityPartitioner,
  })
  return {
    async send(messages) {
      if (messages.length > 0) await producer.send({ messages })
    },
    close: () => producer.close(true),
  }
}

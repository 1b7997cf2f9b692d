import type { CallContext } from '@meydan/kernel/rpc'

/** What a foreign client has asked over REST. */
export interface Asked {
  readonly body: unknown
  readonly params: unknown
  /** Where its Socket.IO client connects: `ws://host:port`, by the name under which it has reached us. */
  readonly socketUrl: () => string
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Under `/gateway`. */
  readonly url: string
  /** Of a good answer; 200 unless given. */
  readonly status?: number
  work(asked: Asked, context: CallContext): Promise<object>
}

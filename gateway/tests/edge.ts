import { once } from 'node:events'
import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { type Contract, command, contract, core, query } from '@meydan/contracts/core'
import { roomsErrors } from '@meydan/contracts/rooms'
import { memoryTopics } from '@meydan/drivers/memory'
import { bareKit, createHost, memoryLimiter, service } from '@meydan/kernel/rpc'
import { systemClock } from '@meydan/kernel/time'
import type { AttachRequest, RoomDoor, RoomSink } from '@meydan/realtime/rooms'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { createGateway, type Gateway } from '../index.ts'

/** A small platform behind a real gateway: one contract, made-up tokens, one room. */

const echo = contract('echo', {
  say: command({
    summary: 'Says it back',
    auth: 'public',
    http: 'POST /v1/echo/:name',
    input: z.strictObject({
      name: z.string().max(16),
      text: z.string().max(64),
      times: z.number().int().min(1).max(9).default(1),
    }),
    output: z.object({ said: z.string() }),
  }),
  who: query({ summary: 'Who calls', auth: 'player', http: 'GET /v1/who', output: z.object({ playerId: z.string() }) }),
  limited: query({
    summary: 'Twice a minute',
    auth: 'public',
    http: 'GET /v1/limited',
    limit: { points: 2, perS: 60, by: 'address' },
  }),
  broken: query({ summary: 'Throws', auth: 'public', http: 'GET /v1/broken' }),
  wait: query({ summary: 'Until the caller leaves', auth: 'public', http: 'GET /v1/wait' }),
  secret: query({ summary: 'Not for doors', auth: 'service' }),
  slow: query({ summary: 'Takes its time', auth: 'public', input: z.strictObject({ ms: z.number().max(2_000) }) }),
})

/** A room frame without inputs; one with inputs is longer. */
const ACKNOWLEDGEMENT_BYTES = 12

export interface TestGateway {
  readonly url: string
  readonly gateway: Gateway
  readonly topics: ReturnType<typeof memoryTopics>
  /** The sink of the one who is in room 7 now. */
  sink(): RoomSink | undefined
  readonly inputs: Uint8Array[]
  /** How often somebody has let go of room 7. */
  readonly detached: { count: number }
  /** How many callers of `wait` came, and how many have left since. */
  readonly waiting: { came: number; left: number }
}

export async function openTestGateway(requestsPerWindow = 10_000): Promise<TestGateway> {
  const topics = memoryTopics(systemClock, quietLog)
  const waiting = { came: 0, left: 0 }
  const host = await createHost({
    services: [
      service({
        contract: echo,
        calls: {},
        build: () => ({
          handlers: {
            say: async ({ text, times }) => ({ said: text.repeat(times) }),
            who: async (_input, { caller }) => ({ playerId: caller.playerId }),
            limited: async () => ({}),
            broken: async () => {
              throw new Error('a detail nobody outside should see')
            },
            wait: async (_input, { signal }) => {
              waiting.came++
              await once(signal, 'abort')
              waiting.left++
              return {}
            },
            secret: async () => ({}),
            slow: async ({ ms }) => {
              await new Promise((resolve) => setTimeout(resolve, ms))
              return {}
            },
          },
        }),
      }),
    ],
    kit: () => bareKit({ log: quietLog, metrics: quietMetrics, clock: systemClock }),
    log: quietLog,
    metrics: quietMetrics,
    clock: systemClock,
    freeze: true,
  })
  await host.start()
  const inputs: Uint8Array[] = []
  const detached = { count: 0 }
  let sink: RoomSink | undefined
  const enter = <Seat extends number | null>({ roomId, sink: given }: AttachRequest, seat: Seat) => {
    if (roomId !== '7') throw core.NOT_FOUND()
    sink = given
    const joined = {
      handle: 513,
      roomId,
      game: 'test',
      gameVersion: 1,
      seat,
      tick: 0,
      tickMs: 15,
      sendEveryTicks: 2,
      eventSeq: -1,
      seats: [],
    }
    const input = (bytes: Uint8Array): void => {
      if (seat === null && bytes.length > ACKNOWLEDGEMENT_BYTES) throw roomsErrors.WATCHING_ONLY()
      inputs.push(new Uint8Array(bytes))
    }
    return { joined, input, detach: () => void detached.count++ }
  }
  const rooms: RoomDoor = {
    attach: async (request) => enter(request, 0),
    spectate: async (request) => enter(request, null),
  }
  const contracts: readonly Contract[] = host.contracts
  const gateway = await createGateway({
    contracts,
    dispatch: (call, input, context) => host.call(call, input, context),
    verify: verifyMadeUp,
    rooms,
    topics,
    clock: systemClock,
    log: quietLog,
    metrics: quietMetrics,
    trustProxy: false,
    version: 'test',
    corsOrigins: ['https://game.example'],
    limiter: memoryLimiter(systemClock),
    requestsPerWindow,
    checks: {},
    pages: null,
  })
  const url = await gateway.listen('127.0.0.1', 0)
  return { url, gateway, topics, sink: () => sink, inputs, detached, waiting }
}

export const SLOW_TOKEN_MS = 100

/** `token-12` is player 12's; `expired-12` was; `slow-12` takes its time to be verified. */
async function verifyMadeUp(token: string) {
  const [, kind = '', playerId = ''] = /^(token|expired|brief|slow)-(\d+)$/.exec(token) ?? []
  if (kind === '' || kind === 'expired')
    throw core.UNAUTHENTICATED({ details: { reason: kind === '' ? 'invalid' : 'expired' } })
  if (kind === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_TOKEN_MS))
  return { playerId, sessionId: `9${playerId}`, roles: [], expiresAtMs: Date.now() + (kind === 'brief' ? 50 : 60_000) }
}

type Frame = Record<string, unknown>

/** A client that speaks JSON by hand, so that tests see every frame. */
export class Peer {
  readonly frames: Frame[] = []
  readonly binary: Buffer[] = []
  readonly closed: Promise<number>
  readonly socket: WebSocket
  #waiting: (() => void)[] = []

  constructor(url: string, protocol = 'meydan.v2.json') {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket`, protocol)
    this.socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.binary.push(data)
      else this.frames.push(JSON.parse(data.toString()))
      for (const wake of this.#waiting.splice(0)) wake()
    })
    this.closed = new Promise((resolve) => this.socket.on('close', resolve))
  }

  static async open(url: string, greeting: Frame = { hello: {} }): Promise<Peer> {
    const peer = new Peer(url)
    await new Promise((resolve, reject) => {
      peer.socket.on('open', resolve)
      peer.socket.on('error', reject)
    })
    peer.send(greeting)
    await peer.next((frame) => 'hello' in frame)
    return peer
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame))
  }

  /** The first frame, past or to come, that fits; it is taken out. */
  async next(fits: (frame: Frame) => boolean, withinMs = 5_000): Promise<Frame> {
    const untilMs = performance.now() + withinMs
    while (performance.now() < untilMs) {
      const index = this.frames.findIndex(fits)
      if (index >= 0) return this.frames.splice(index, 1)[0] ?? {}
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        setTimeout(resolve, 50)
      })
    }
    throw new Error(`no such frame came; there were ${JSON.stringify(this.frames)}`)
  }

  async ask(frame: Frame): Promise<Frame> {
    this.send(frame)
    return this.next(({ id }) => id === frame.id)
  }
}

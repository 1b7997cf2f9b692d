import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { DownFrame, Joined, UpFrame } from '@meydan/contracts/socket'
import { type WebSocket, WebSocketServer } from 'ws'

/** What the fake platform does; each test says only what it is about. */
export interface Script {
  /** Answers a REST request: status and body. */
  rest?: (request: { call: string; body: unknown; token: string | undefined }) => [number, unknown]
  /** Answers a first frame; without it every hello begins session 's1' and every resume goes on. */
  greet?: (frame: Greeting, server: FakeServer) => DownFrame | { close: number }
  /** Answers a call, a join or another frame with an id; undefined: never. */
  answer?: (frame: Exclude<UpFrame, Greeting>, server: FakeServer) => DownFrame | undefined
  /** How far its clock is ahead. */
  aheadMs?: number
}
type Greeting = Extract<UpFrame, { hello: unknown } | { resume: unknown }>

/** A platform of a few lines: JSON sockets and REST on one port of loopback. */
export interface FakeServer {
  readonly url: string
  /** Every frame that came, in order. */
  readonly frames: UpFrame[]
  readonly roomFrames: Uint8Array[]
  /** Sockets open now, the newest last. */
  readonly sockets: WebSocket[]
  send(frame: DownFrame | Uint8Array): void
  /** Several frames in one packet, as a busy server sends them: the client handles all of them in one go. */
  sendTogether(frames: readonly DownFrame[]): void
  /** Cuts every connection without a word. */
  cut(): void
  /** Resolves with the next frame that `wanted` takes, or one that came before. */
  frame<F extends UpFrame>(wanted: (frame: UpFrame) => frame is F): Promise<F>
  close(): Promise<void>
}

export const TOKENS = {
  playerId: '7',
  sessionId: '8',
  accessToken: 'a1',
  accessExpiresAt: '2999-01-01T00:00:00Z',
  refreshToken: 'r1',
  refreshExpiresAt: '2999-01-01T00:00:00Z',
}

export function helloOf(session: string, resumed = false) {
  return { session, playerId: '7', resumed, heartbeatMs: 15_000, timeMs: Date.now() }
}

export const welcome = (session = 's1', resumed = false): DownFrame => ({ hello: helloOf(session, resumed) })

export const JOINED: Joined = {
  handle: 3,
  roomId: '99',
  game: 'dots',
  gameVersion: 1,
  seat: 0,
  tick: 0,
  tickMs: 15,
  sendEveryTicks: 2,
  eventSeq: -1,
  seats: [{ index: 0, playerId: '7', name: 'Ada', bot: false }],
}

export async function fakeServer(script: Script = {}): Promise<FakeServer> {
  const http = createServer(async (request, response) => {
    const [status, body] = script.rest?.({
      call: `${request.method} ${request.url}`,
      body: await bodyOf(request),
      token: request.headers.authorization?.replace('Bearer ', ''),
    }) ?? [404, { error: { code: 'UNKNOWN_CALL', message: 'no' } }]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  const webSockets = new WebSocketServer({ server: http, handleProtocols: () => 'meydan.v2.json' })
  const carriers: Socket[] = []
  const waiting = new Set<(frame: UpFrame) => void>()
  const server: FakeServer = {
    url: '',
    frames: [],
    roomFrames: [],
    sockets: [],
    send(frame) {
      server.sockets.at(-1)?.send(frame instanceof Uint8Array ? frame : JSON.stringify(frame))
    },
    sendTogether(frames) {
      const bytes = frames.map((frame) => wireBytes(JSON.stringify(frame)))
      carriers.at(-1)?.write(Buffer.concat(bytes))
    },
    cut() {
      for (const socket of server.sockets) socket.terminate()
    },
    frame: (wanted) =>
      new Promise((resolve) => {
        const look = (frame: UpFrame): boolean => {
          if (!wanted(frame)) return false
          waiting.delete(look)
          resolve(frame)
          return true
        }
        if (!server.frames.some(look)) waiting.add(look)
      }),
    async close() {
      server.cut()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
  webSockets.on('connection', (socket, request) => {
    server.sockets.push(socket)
    carriers.push(request.socket)
    socket.on('close', () => server.sockets.splice(server.sockets.indexOf(socket), 1))
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) server.roomFrames.push(new Uint8Array(data))
      else take(JSON.parse(String(data)) as UpFrame, socket)
    })
  })
  const take = (frame: UpFrame, socket: WebSocket): void => {
    const answer = answerTo(frame, script, server)
    if (answer && 'close' in answer) socket.close(answer.close)
    else if (answer) socket.send(JSON.stringify(answer))
    server.frames.push(frame)
    for (const look of [...waiting]) look(frame)
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return Object.assign(server, { url: `http://127.0.0.1:${port}` })
}

function answerTo(frame: UpFrame, script: Script, server: FakeServer): DownFrame | { close: number } | undefined {
  if ('hello' in frame || 'resume' in frame) return script.greet?.(frame, server) ?? welcome('s1', 'resume' in frame)
  if ('ping' in frame) return { pong: frame.ping, timeMs: Date.now() + (script.aheadMs ?? 0) }
  return script.answer?.(frame, server)
}

/** A text message as it stands on the wire (RFC 6455 §5.2): final, unmasked, of less than 64 KiB. */
function wireBytes(text: string): Buffer {
  const payload = Buffer.from(text)
  const long = payload.length > 125
  const header = Buffer.alloc(long ? 4 : 2)
  header[0] = 0x81
  header[1] = long ? 126 : payload.length
  if (long) header.writeUInt16BE(payload.length, 2)
  return Buffer.concat([header, payload])
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString())
}

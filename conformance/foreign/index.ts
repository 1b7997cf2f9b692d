import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import { z } from 'zod'

/** A client written from docs/clients/crash.md alone. */

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Asks `/gateway<path>`; a body that is text goes out as it is. */
export async function ask(
  url: string,
  method: string,
  path: string,
  { body, token }: { body?: unknown; token?: string } = {},
): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const answer = await fetch(`${url}/gateway${path}`, { method, headers, ...sent })
  return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) }
}

interface Heard {
  readonly event: string
  readonly said: unknown
}

const WAIT_MS_MAX = 10_000
const Balance = z.object({ balance: z.number() })
const LoggedIn = z.object({ access_token: z.string() })
const Validated = z.object({ user_id: z.int() })
const Opened = z.object({ lobby_id: z.int() })
const Found = z.object({ websocket_url: z.string() })

/** Somebody with an account and some coins. */
export class Player {
  readonly url: string
  readonly token: string
  readonly userId: number

  private constructor(url: string, token: string, userId: number) {
    this.url = url
    this.token = token
    this.userId = userId
  }

  static async make(url: string, coins = 100): Promise<Player> {
    const credentials = { body: { username: `p-${randomUUID().slice(0, 18)}`, password: 'correct horse' } }
    await ask(url, 'POST', '/user/v1/auth/register', credentials)
    const { access_token: token } = LoggedIn.parse((await ask(url, 'POST', '/user/v1/auth/login', credentials)).body)
    const { user_id } = Validated.parse((await ask(url, 'GET', '/user/v1/auth/validate', { token })).body)
    await ask(url, 'POST', '/user/v1/balance', { token, body: { balance: coins } })
    return new Player(url, token, user_id)
  }

  async balance(): Promise<number> {
    return Balance.parse((await ask(this.url, 'GET', '/user/v1/balance', { token: this.token })).body).balance
  }

  async openLobby(): Promise<number> {
    return Opened.parse((await ask(this.url, 'POST', '/game/v1/lobby', { token: this.token })).body).lobby_id
  }

  async socketUrl(lobbyId: number): Promise<string> {
    const { body } = await ask(this.url, 'GET', `/game/v1/lobby/${lobbyId}`, { token: this.token })
    return Found.parse(body).websocket_url
  }
}

/** A Socket.IO connection that keeps what it hears. */
export class Ear {
  readonly heard: Heard[] = []
  readonly socket: Socket
  #waiting: (() => void)[] = []

  constructor(url: string, transports: readonly ('polling' | 'websocket')[] = ['websocket']) {
    this.socket = io(url, { transports: [...transports], forceNew: true, reconnection: false })
    this.socket.onAny((event: string, said: unknown) => this.#note({ event, said }))
    this.socket.on('disconnect', (reason) => this.#note({ event: 'disconnect', said: reason }))
    this.socket.on('connect_error', ({ message }) => this.#note({ event: 'connect_error', said: message }))
  }

  /** What the first event of this name says, past or to come; it is taken out. */
  async next(event: string): Promise<unknown> {
    const untilMs = performance.now() + WAIT_MS_MAX
    while (performance.now() < untilMs) {
      const index = this.heard.findIndex((each) => each.event === event)
      if (index >= 0) return this.heard.splice(index, 1)[0]?.said
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        setTimeout(resolve, 50)
      })
    }
    throw new Error(`no ${event} came; there were ${JSON.stringify(this.heard.slice(-20))}`)
  }

  #note(heard: Heard): void {
    this.heard.push(heard)
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

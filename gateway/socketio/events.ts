import { randomUUID } from 'node:crypto'
import { core } from '@meydan/contracts/core'
import { openContext, type Running } from '@meydan/kernel/rpc'
import type { Owner } from '@meydan/realtime/hub'
import { z } from 'zod'
import { callerFrom, type Origin } from '../caller.ts'
import type { Edge } from '../edge.ts'
import type { Platform } from '../foreign/platform.ts'
import { Coefficient, coinsOf, LobbyNumber, read, SomeCoins } from '../foreign/written.ts'
import type { Feeds, ForeignSocket } from './feeds.ts'
import type { BetPlaced, WithdrawRequested } from './words.ts'

const token = z.string('should be an access token')
const Joining = z.object({ lobby_id: LobbyNumber, token: token.nullish() })
const Leaving = z.object({ lobby_id: LobbyNumber })
const Bet = z.object({ token, lobby_id: LobbyNumber, amount: SomeCoins, coefficient: Coefficient })
const Withdrawal = z.object({ token, lobby_id: LobbyNumber })

/** Who says something. */
export interface Speaker {
  readonly socket: ForeignSocket
  readonly origin: Origin
}

/** Does what an event asks for, tells the socket so, and gives what an acknowledgement says. Rejects with a Fault. */
type Handler = (speaker: Speaker, said: unknown) => Promise<unknown>

/** What each event does, by its name. */
export function eventHandlers(edge: Edge, { crash }: Platform, feeds: Feeds): ReadonlyMap<string, Handler> {
  const contextOf = ({ origin }: Speaker, owner: Owner | null): Running =>
    openContext({ caller: callerFrom(origin, owner), clock: edge.clock, log: edge.log })

  /** Whose token it is. From now on the socket hears how the player's bets end. */
  const known = async ({ socket }: Speaker, accessToken: string): Promise<Owner> => {
    const owner = await edge.verify(accessToken)
    await feeds.hearPlayer(socket, owner)
    return owner
  }

  const joinRoom = async (speaker: Speaker, said: unknown): Promise<string> => {
    const { lobby_id: lobbyId, token: accessToken } = read(Joining, said)
    const { socket } = speaker
    // Anybody may watch a lobby, and this is what anybody may ask of one that there is.
    await crash.rounds({ lobbyId, limit: 1 }, contextOf(speaker, null))
    if (typeof accessToken === 'string') await known(speaker, accessToken)
    await feeds.enterLobby(socket, lobbyId)
    return say(socket, `Joined room: ${lobbyId}`)
  }

  const leaveRoom = async ({ socket }: Speaker, said: unknown): Promise<string> => {
    const { lobby_id: lobbyId } = read(Leaving, said)
    feeds.leaveLobby(socket, lobbyId)
    return say(socket, `Left room: ${lobbyId}`)
  }

  const placeBet = async (speaker: Speaker, said: unknown): Promise<BetPlaced> => {
    const { token: accessToken, lobby_id: lobbyId, amount, coefficient } = read(Bet, said)
    const owner = await known(speaker, accessToken)
    const target = coefficient === undefined ? {} : { autoCashOut: coefficient }
    const bet = await crash.bet({ lobbyId, key: randomUUID(), amount, ...target }, contextOf(speaker, owner))
    const placed = {
      user_id: bet.userNumber,
      lobby_id: bet.lobbyId,
      amount: coinsOf(bet.amount),
      coefficient: bet.autoCashOut === null ? null : coinsOf(bet.autoCashOut),
    }
    speaker.socket.emit('bet_placed', placed)
    return placed
  }

  const withdraw = async (speaker: Speaker, said: unknown): Promise<WithdrawRequested> => {
    const { token: accessToken, lobby_id: lobbyId } = read(Withdrawal, said)
    const owner = await known(speaker, accessToken)
    const { userNumber } = await crash.me({}, contextOf(speaker, owner))
    const requested = { user_id: userNumber, lobby_id: lobbyId }
    let told = false
    // Whatever is heard first of the win, the topic's event or the answer: a result never comes before what it is the result of.
    const tell = (): void => {
      if (!told) speaker.socket.emit('withdraw_requested', requested)
      told = true
    }
    const forget = feeds.beforeWin(owner, tell)
    try {
      await crash.cashOut({ lobbyId }, contextOf(speaker, owner))
    } finally {
      forget()
    }
    tell()
    return requested
  }

  return new Map<string, Handler>([
    ['joinRoom', joinRoom],
    ['leaveRoom', leaveRoom],
    ['place_bet', placeBet],
    ['withdraw', withdraw],
  ])
}

/** The text as the event's own name, and as a `message` for those who would rather listen for one. */
function say(socket: ForeignSocket, text: `${'Joined' | 'Left'} room: ${number}`): string {
  socket.emit(text)
  socket.emit('message', text)
  return text
}

/** What to say to an event that is none of these. */
export function unknownEvent(name: string, known: Iterable<string>): Error {
  return core.UNKNOWN_CALL({ message: `There is no event ${name.slice(0, 64)}; there are ${[...known].join(', ')}.` })
}

import type { Random } from '@meydan/contracts/core'
import { Lobby, OwnBet } from '@meydan/contracts/crash'
import { z } from 'zod'

/** What players were told was done. */
export interface Acknowledged {
  readonly bets: Map<string, z.infer<typeof OwnBet>>
  readonly cashedOut: Map<string, z.infer<typeof OwnBet>>
}

const GIFT = 5_000
const LOOK_EVERY_MS = 40
const Guest = z.object({ playerId: z.string(), accessToken: z.string() })
export type Guest = z.infer<typeof Guest>

async function ask(url: string, method: string, path: string, token?: string, body?: object): Promise<unknown> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** Guests with money to play with. */
export async function guestsAt(url: string, count: number): Promise<Guest[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const guest = Guest.parse(await ask(url, 'POST', '/v1/identity/guest', undefined, {}))
      await ask(url, 'POST', '/v1/wallet/faucet', guest.accessToken, { currency: 'coins', key: 'gift', amount: GIFT })
      return guest
    }),
  )
}

export async function lobbyAt(url: string, { accessToken }: Guest): Promise<Lobby> {
  return Lobby.parse(await ask(url, 'GET', '/v1/crash/lobbies/1', accessToken))
}

/** Bets in every round, cashes out at moments of chance, and notes what was acknowledged, until nobody answers any more. */
export async function playUntilGone(
  url: string,
  guest: Guest,
  random: Random,
  { bets, cashedOut }: Acknowledged,
  signal: AbortSignal,
): Promise<void> {
  let bettedOn = ''
  let leavesAtMs = 0
  while (!signal.aborted) {
    // Refused, too late, or cut off: only what was acknowledged counts.
    await step().catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }

  async function step(): Promise<void> {
    const { round, mine } = await lobbyAt(url, guest)
    if (round?.phase === 'betting' && round.roundId !== bettedOn) {
      bettedOn = round.roundId
      leavesAtMs = random.int(0, 8_000)
      const auto = random.float() < 0.4 ? { autoCashOut: random.int(101, 300) } : {}
      const asked = { key: `bet-${round.roundId}`, amount: random.int(1, 500), ...auto }
      const bet = OwnBet.parse(await ask(url, 'POST', '/v1/crash/lobbies/1/bet', guest.accessToken, asked))
      bets.set(bet.betId, bet)
    } else if (
      round?.phase === 'rising' &&
      mine?.state === 'open' &&
      mine.autoCashOut === null &&
      (round.elapsedMs ?? 0) >= leavesAtMs
    ) {
      const won = OwnBet.parse(await ask(url, 'POST', '/v1/crash/lobbies/1/cash-out', guest.accessToken, {}))
      cashedOut.set(won.betId, won)
    }
  }
}

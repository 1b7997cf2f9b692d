import { EventEmitter, once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import {
  CRASH_BETTING,
  CRASH_ENDED,
  CRASH_STARTED,
  CrashBetting,
  CrashEnded,
  crashTicksTopic,
  crashTopic,
} from '@meydan/contracts/crash'
import { z } from 'zod'
import { serveParent } from '../measure/child.ts'
import { tokenOf } from '../sockets/tokens.ts'
import { Bettor, met, Refused } from './bettor.ts'
import { PlayersAsked, type RoundsPlayed } from './messages.ts'

/** All players, in one process. */

const LOBBY = 1
const STAKE = 100
const AT_ONCE = 32
/** The last bets are on their way when the time for them is over; nobody measures those that come too late. */
const BETTING_PART = 0.7
/** By hand, somewhere in the first seconds; by itself, at a multiplier that a third to nine tenths of the rounds reach. */
const BY_HAND_MS_MAX = 4_000
const AUTO = { min: 105, max: 300 } as const
/** A lobby that sleeps wakes when it is looked at. */
const LOOK_EVERY_MS = 20_000

const EventFrame = z.object({ event: z.string(), data: z.unknown() })

const NS_PER_MS = 1e6
const loop = monitorEventLoopDelay({ resolution: 5 })
loop.enable()

const bettors: Bettor[] = []
/** What the first of them hears of the lobby, by the events' names. */
const lobby = new EventEmitter()

async function enter({ port, keys, first, count, ticks }: Extract<PlayersAsked, { ask: 'enter' }>): Promise<void> {
  const rest = Array.from({ length: count }, (_, index) => first + index).values()
  const worker = async (): Promise<void> => {
    for (const player of rest) {
      const bettor = await Bettor.connect(port, await tokenOf(keys, player))
      await bettor.call('wallet.faucet', { key: 'bench-stakes', currency: 'coins', amount: 100_000 })
      await bettor.watch(crashTopic(LOBBY))
      if (ticks) await bettor.watch(crashTicksTopic(LOBBY))
      bettors.push(bettor)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const [leader] = bettors
  if (!leader) return
  leader.onEvent = (frame) => {
    const { event, data } = EventFrame.parse(JSON.parse(frame))
    lobby.emit(event, data)
  }
  const look = (): void => void leader.call('crash.lobby', { lobbyId: LOBBY })
  look()
  setInterval(look, LOOK_EVERY_MS).unref()
}

interface Noted {
  readonly betMs: number[]
  readonly cashOutMs: number[]
  readonly refused: Map<string, number>
}

/** Notes how long it took, or why not; gives whether it was done. */
async function timed(times: number[], refused: Map<string, number>, work: Promise<unknown>): Promise<boolean> {
  const startedMs = performance.now()
  try {
    await work
    times.push(performance.now() - startedMs)
    return true
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    refused.set(error.message, (refused.get(error.message) ?? 0) + 1)
    return false
  }
}

async function playRound(noted: Noted, round: number): Promise<number> {
  const [betting] = await once(lobby, CRASH_BETTING)
  const { bettingMs } = CrashBetting.parse(betting)
  const started = once(lobby, CRASH_STARTED)
  const ended = once(lobby, CRASH_ENDED)
  const all = bettors.map(async (bettor, index) => {
    const isByHand = index % 2 === 0
    const autoCashOut = isByHand ? {} : { autoCashOut: AUTO.min + Math.floor(Math.random() * (AUTO.max - AUTO.min)) }
    await delay(Math.random() * bettingMs * BETTING_PART)
    const bet = { lobbyId: LOBBY, key: `bench-${round}-${index}`, amount: STAKE, ...autoCashOut }
    if (!(await timed(noted.betMs, noted.refused, bettor.call('crash.bet', bet))) || !isByHand) return
    await started
    const isOver = await Promise.race([ended.then(() => true), delay(Math.random() * BY_HAND_MS_MAX, false)])
    if (!isOver) await timed(noted.cashOutMs, noted.refused, bettor.call('crash.cashOut', { lobbyId: LOBBY }))
  })
  const [over] = await ended
  await Promise.all(all)
  return CrashEnded.parse(over).multiplier
}

async function play({ rounds, warmUp }: Extract<PlayersAsked, { ask: 'play' }>): Promise<RoundsPlayed> {
  const beginning = Date.now()
  for (let round = 0; round < warmUp; round++) {
    await playRound({ betMs: [], cashOutMs: [], refused: new Map() }, beginning + round)
  }
  const noted: Noted = { betMs: [], cashOutMs: [], refused: new Map() }
  const multipliers: number[] = []
  met.frames = 0
  loop.reset()
  for (let round = warmUp; round < warmUp + rounds; round++) multipliers.push(await playRound(noted, beginning + round))
  return {
    ...noted,
    refused: Object.fromEntries(noted.refused),
    multipliers,
    frames: met.frames,
    loadDelayMaxMs: loop.max / NS_PER_MS,
  }
}

serveParent(
  async (message) => {
    const asked = PlayersAsked.parse(message)
    if (asked.ask === 'play') return play(asked)
    await enter(asked)
    return {}
  },
  async () => {
    for (const bettor of bettors) bettor.close()
  },
)

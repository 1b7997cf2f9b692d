import { z } from 'zod'
import { command, contract, errors, Id, query, Timestamp } from '../core/index.ts'
import { Amount } from '../wallet/index.ts'

/** The currency that is played for. */
export const CRASH_CURRENCY = 'coins'

/** Small, so that people can tell it to each other. */
export const LobbyId = z.int().min(1).max(2_147_483_647)
/** In hundredths: 126 is 1.26×. */
export const Multiplier = z.int().min(100)
const AUTO_MIN = 101
/** 10,000×: the chain gives more about once in ten thousand rounds. */
export const AUTO_MAX = 1_000_000
export const AutoCashOut = z.int().min(AUTO_MIN).max(AUTO_MAX).describe('hundredths')
/** Made up by the client for one bet: asking again with it is betting once. */
const Key = z.string().regex(/^[\w-]{8,64}$/, '8 to 64 letters, digits, _ and -')
const Hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('32 bytes in hex')

/** `waiting` for a first bet, `betting` until a moment, `rising`, `crashed` until the next round. */
export const PHASES = ['waiting', 'betting', 'rising', 'crashed'] as const
export const Phase = z.enum(PHASES)
export type Phase = z.infer<typeof Phase>

/** `open` until it is cashed out (`won`), the round crashes (`lost`) or is given up (`voided`: the stake goes back). */
export const BET_STATES = ['open', 'won', 'lost', 'voided'] as const
export const BetState = z.enum(BET_STATES)
export type BetState = z.infer<typeof BetState>

/** A bet as everybody in the lobby sees it. */
export const Bet = z.object({
  betId: Id,
  playerId: Id,
  userNumber: z.int().describe('a small number for the player, for clients that want one'),
  name: z.string(),
  amount: Amount,
  state: BetState,
  multiplier: Multiplier.nullable().describe('at which it was cashed out'),
  payout: z.int().min(0).describe('minor units; 0 unless won or voided'),
})
export type Bet = z.infer<typeof Bet>

/** The player's own: only they know when it cashes out by itself. */
export const OwnBet = Bet.extend({ roundId: Id, lobbyId: LobbyId, autoCashOut: AutoCashOut.nullable(), at: Timestamp })
export type OwnBet = z.infer<typeof OwnBet>

/** Of one round so many bets are told one by one, the first ones; of the others only how many and how much: five thousand each told of all would be 25 million. */
export const BETS_SHOWN_MAX = 200

/** What anybody may know of a round while it goes on. */
export const Round = z.object({
  roundId: Id,
  lobbyId: LobbyId,
  phase: Phase,
  bettingEndsAt: Timestamp.nullable(),
  startedAt: Timestamp.nullable(),
  /** How long it has been rising, by the server's clock, in ms: what a client that joins draws from. */
  elapsedMs: z.number().min(0).nullable(),
  crashedAt: Multiplier.nullable(),
  bets: z.array(Bet).describe(`the first ${BETS_SHOWN_MAX}`),
  betCount: z.int().describe('of all bets'),
  staked: z.int().describe('by all bets'),
})
export type Round = z.infer<typeof Round>

export const FinishedRound = z.object({ roundId: Id, multiplier: Multiplier, endedAt: Timestamp })
export type FinishedRound = z.infer<typeof FinishedRound>

/** The chain of hashes from which a lobby's rounds come, as it was committed to. */
export const Chain = z.object({
  chainId: Id,
  lobbyId: LobbyId,
  rounds: z.int().describe('how many it is good for'),
  played: z.int(),
  commitment: Hash.describe('the last hash: SHA-256 of the hash of the first round'),
  committedAt: Timestamp,
  salt: z.string().nullable().describe('announced after the commitment; no round is played before'),
  saltAnnouncedAt: Timestamp.nullable(),
})
export type Chain = z.infer<typeof Chain>

export const LobbySettings = z.object({
  bettingMs: z.int().describe('from the first bet, or from the end of the pause'),
  pauseMs: z.int(),
  tickMs: z.int(),
  waitsForBet: z.boolean().describe('no round begins before somebody bets'),
  betMin: Amount,
  betMax: Amount,
  winMax: Amount,
})

/** Everything that who comes in needs: drawn from this and the events on `crash:<lobbyId>` after it. */
export const Lobby = z.object({
  lobbyId: LobbyId,
  settings: LobbySettings,
  chain: Chain,
  round: Round.nullable(),
  mine: OwnBet.nullable().describe("the caller's bet in this round"),
  history: z.array(FinishedRound).describe('the last 50, newest first'),
  serverTime: Timestamp,
})
export type Lobby = z.infer<typeof Lobby>

/** Who has this computes the result alone: HMAC-SHA256(key = salt as ASCII text, message = the 32 bytes of `hash`). */
export const Proof = z.object({
  roundId: Id,
  lobbyId: LobbyId,
  number: z.int().describe('of the round in its chain, from 1: hash it so many times to reach the commitment'),
  hash: Hash,
  before: Hash.describe('hash of the round before, or the commitment: SHA-256 of the bytes of `hash`'),
  chain: Chain,
  hmac: Hash,
  multiplier: Multiplier,
  endedAt: Timestamp,
  outcome: z.enum(['crashed', 'interrupted']),
})
export type Proof = z.infer<typeof Proof>

/** What a player has set for themselves. Stricter counts at once, looser after a day. */
export const PlayLimits = z.object({
  stakePerDay: Amount.nullable(),
  lossPerDay: Amount.nullable(),
  coolOffUntil: Timestamp.nullable(),
  stakedToday: z.int(),
  lostToday: z.int().describe('stakes less payouts since midnight UTC; never below 0'),
  next: z
    .object({ stakePerDay: Amount.nullable(), lossPerDay: Amount.nullable(), from: Timestamp })
    .nullable()
    .describe('looser limits that are on their way'),
})
export type PlayLimits = z.infer<typeof PlayLimits>

export const crashErrors = errors({
  UNKNOWN_LOBBY: { status: 404, message: 'There is no such lobby.' },
  LOBBIES_FULL: { status: 503, message: 'There is no room for another lobby now.' },
  UNKNOWN_ROUND: { status: 404, message: 'There is no such round.' },
  ROUND_NOT_OVER: { status: 409, message: 'The round is not over: its hash is still a secret.' },
  ROUND_STARTED: { status: 409, message: 'The round has begun: bet on the next.' },
  BET_PLACED: { status: 409, message: 'There is a bet of yours in this round already.' },
  BET_TOO_SMALL: { status: 400, message: 'The bet is below the smallest that is taken here.' },
  BET_TOO_LARGE: { status: 400, message: 'The bet is above the largest that is taken here.' },
  HOUSE_LIMIT: { status: 409, message: 'The house cannot pay more winners in this round.' },
  KEY_REUSED: { status: 409, message: 'Another bet was placed with this key.' },
  NO_BET: { status: 404, message: 'There is no bet of yours in this round.' },
  NOT_RISING: { status: 409, message: 'The round has not begun to rise.' },
  BET_ENDED: { status: 409, message: 'The bet has ended.' },
  TOO_LATE: { status: 409, message: 'The round had crashed by then.' },
  INSUFFICIENT_FUNDS: { status: 409, message: 'You have less than that.' },
  OWN_LIMIT: { status: 403, message: 'That would be above the limit you have set for yourself.' },
  COOLING_OFF: { status: 403, message: 'You have asked for a break from betting.' },
  LOBBY_MOVING: { status: 503, message: 'The lobby is changing hands.' },
})

const limit = z.coerce.number().int().min(1).max(100).default(30)
const InLobby = z.strictObject({ lobbyId: z.coerce.number().pipe(LobbyId) })
const byPlayer = { points: 60, perS: 10, by: 'player' } as const

/** A betting game for play money: a multiplier rises until it crashes, at a point that was fixed before anybody bet and can be checked after. */
export const crash = contract(
  'crash',
  {
    lobbies: query({
      summary: 'Lobbies that are open, the busiest first',
      auth: 'player',
      http: 'GET /v1/crash/lobbies',
      output: z.object({
        lobbies: z.array(z.object({ lobbyId: LobbyId, phase: Phase, bets: z.int() })),
      }),
    }),
    open: command({
      summary: 'Open a lobby, or the one of this number if there is one',
      auth: 'player',
      http: 'POST /v1/crash/lobbies',
      input: z.strictObject({ lobbyId: LobbyId.optional(), waitsForBet: z.boolean().default(false) }),
      output: z.object({ lobbyId: LobbyId }),
      errors: ['LOBBIES_FULL'],
      idempotent: true,
      limit: byPlayer,
    }),
    lobby: query({
      summary: 'A lobby, its round and its bets. A lobby that nobody asks for, or bets in, for a minute sleeps',
      auth: 'player',
      http: 'GET /v1/crash/lobbies/:lobbyId',
      input: InLobby,
      output: Lobby,
      errors: ['UNKNOWN_LOBBY', 'LOBBY_MOVING'],
    }),
    bet: command({
      summary: 'Bet on the round that is about to begin',
      auth: 'player',
      http: 'POST /v1/crash/lobbies/:lobbyId/bet',
      input: InLobby.extend({ key: Key, amount: Amount, autoCashOut: AutoCashOut.optional() }),
      output: OwnBet,
      errors: [
        'UNKNOWN_LOBBY',
        'LOBBY_MOVING',
        'ROUND_STARTED',
        'BET_PLACED',
        'BET_TOO_SMALL',
        'BET_TOO_LARGE',
        'HOUSE_LIMIT',
        'KEY_REUSED',
        'INSUFFICIENT_FUNDS',
        'OWN_LIMIT',
        'COOLING_OFF',
      ],
      idempotent: true,
      limit: byPlayer,
    }),
    cashOut: command({
      summary: 'Take the stake times the multiplier at which this arrives; asking again gives the same answer',
      auth: 'player',
      http: 'POST /v1/crash/lobbies/:lobbyId/cash-out',
      input: InLobby,
      output: OwnBet,
      errors: ['UNKNOWN_LOBBY', 'LOBBY_MOVING', 'NO_BET', 'NOT_RISING', 'BET_ENDED', 'TOO_LATE'],
      idempotent: true,
      limit: byPlayer,
    }),
    mine: query({
      summary: "The caller's bets, newest first",
      auth: 'player',
      http: 'GET /v1/crash/bets',
      input: z.strictObject({ before: Id.optional(), limit }),
      output: z.object({ bets: z.array(OwnBet) }),
    }),
    me: query({
      summary: 'The small number by which foreign clients know the caller',
      auth: 'player',
      http: 'GET /v1/crash/me',
      output: z.object({ userNumber: z.int() }),
    }),
    rounds: query({
      summary: 'Rounds of a lobby that are over, newest first',
      auth: 'public',
      http: 'GET /v1/crash/lobbies/:lobbyId/rounds',
      input: InLobby.extend({ before: Id.optional(), limit }),
      output: z.object({ rounds: z.array(FinishedRound) }),
      errors: ['UNKNOWN_LOBBY'],
    }),
    chain: query({
      summary: 'What the results of a lobby were committed to',
      auth: 'public',
      http: 'GET /v1/crash/lobbies/:lobbyId/chain',
      input: InLobby,
      output: Chain,
      errors: ['UNKNOWN_LOBBY'],
    }),
    proof: query({
      summary: 'What anybody needs to check the result of a round that is over',
      auth: 'public',
      http: 'GET /v1/crash/rounds/:roundId/proof',
      input: z.strictObject({ roundId: Id }),
      output: Proof,
      errors: ['UNKNOWN_ROUND', 'ROUND_NOT_OVER'],
    }),
    limits: query({
      summary: 'What the caller has set for themselves, and what is used up of it today',
      auth: 'player',
      http: 'GET /v1/crash/limits',
      output: PlayLimits,
    }),
    setLimits: command({
      summary: 'Set limits for oneself; stricter ones count at once, looser ones after a day',
      auth: 'player',
      http: 'PUT /v1/crash/limits',
      input: z.strictObject({
        stakePerDay: Amount.nullable(),
        lossPerDay: Amount.nullable(),
        coolOffDays: z.int().min(1).max(365).optional().describe('cannot be taken back'),
      }),
      output: PlayLimits,
      idempotent: true,
    }),
  },
  { errors: crashErrors },
)

/** What happens in a lobby. Any player may watch it. */
export const crashTopic = (lobbyId: number): string => `crash:${lobbyId}`
/** Its CRASH_TICKs alone, so that they do not push out what is kept of the others. Who draws from `startedAt` needs none. */
export const crashTicksTopic = (lobbyId: number): string => `crash:${lobbyId}-ticks`
const CRASH_TOPIC = /^crash:[1-9]\d{0,9}(-ticks)?$/
export const isCrashTopic = (topic: string): boolean => CRASH_TOPIC.test(topic)

/** On `crash:<lobbyId>`: a round takes bets. */
export const CRASH_BETTING = 'CRASH_BETTING'
export const CrashBetting = Round.pick({ roundId: true, lobbyId: true }).extend({
  bettingEndsAt: Timestamp.nullable().describe('null until the first bet, where the lobby waits for one'),
  bettingMs: z.int(),
})
/** Bets that were placed since the last of these, which are stored. */
export const CRASH_BETS = 'CRASH_BETS'
export const CrashBets = Round.pick({ roundId: true, bets: true, betCount: true, staked: true })
/** It rises from now on. */
export const CRASH_STARTED = 'CRASH_STARTED'
export const CrashStarted = z.object({ roundId: Id, startedAt: Timestamp, elapsedMs: z.int() })
/** On `crash:<lobbyId>-ticks`: where it is, each `tickMs`. */
export const CRASH_TICK = 'CRASH_TICK'
export const CrashTick = z.object({ roundId: Id, elapsedMs: z.int(), multiplier: Multiplier })
/** Bets that were cashed out since the last of these, which are stored. */
export const CRASH_CASHED_OUT = 'CRASH_CASHED_OUT'
export const CrashCashedOut = z.object({
  roundId: Id,
  bets: z.array(Bet).describe(`those among the first ${BETS_SHOWN_MAX}`),
  wonCount: z.int().describe('of all bets so far'),
  paid: z.int().describe('to all of them so far'),
})
/** It is over, which is stored: bets that are still open are lost, or voided when it was interrupted. `hash` proves the result. */
export const CRASH_ENDED = 'CRASH_ENDED'
export const CrashEnded = z.object({
  roundId: Id,
  outcome: z.enum(['crashed', 'interrupted']),
  multiplier: Multiplier,
  hash: Hash,
  endedAt: Timestamp,
  nextAt: Timestamp.nullable().describe('when bets are taken again'),
})
/** On `user:<id>`: a bet of the player's has ended, and its money is where it belongs. */
export const BET_ENDED = 'BET_ENDED'
export const BetEnded = z.object({ bet: OwnBet })

import { z } from 'zod'
import { command, contract, errors, Id, query, Timestamp } from '../core/index.ts'

/** Of one transfer, in minor units: far above any price, far below 2⁵³, where JSON numbers stop being exact. */
export const AMOUNT_MAX = 1_000_000_000_000_000

/** Minor units of a currency (hundredths of a coin). */
export const Amount = z.int().min(1).max(AMOUNT_MAX).describe('minor units')
export const Currency = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'lower case letters, digits and _')

/**
 * Accounts of the platform itself. They have no floor: the faucet is where play money comes from, the house wins and loses bets, rewards are paid out
 * of `rewards`, what is sold is paid to `shop`, and `escrow` keeps what is held.
 */
export const SYSTEM_ACCOUNTS = ['house', 'faucet', 'rewards', 'shop', 'escrow'] as const
export type SystemAccount = (typeof SYSTEM_ACCOUNTS)[number]

export const playerAccount = (playerId: Id): Account => `player:${playerId}`

/** `player:<id>` or one of the platform's own. Escrow is reached by holds only. */
export const Account = z.union([z.enum(SYSTEM_ACCOUNTS).exclude(['escrow']), z.templateLiteral(['player:', Id])])
export type Account = z.infer<typeof Account>

/** Made up by who asks, one for each thing that shall happen once. */
export const Key = z.string().regex(/^[\w:.-]{1,100}$/, '1 to 100 letters, digits and _ : . -')
/** For statements and for whoever looks into the ledger: `crash.bet`, `reward.daily`. */
export const Reason = z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/, 'lower case letters, digits, dots and dashes')

export const Leg = z.strictObject({ from: Account, to: Account, currency: Currency, amount: Amount })
export type Leg = z.infer<typeof Leg>
const LEGS_MAX = 20
const Legs = z.array(Leg).max(LEGS_MAX)

/** How much an account had right after a transfer. The platform's own accounts are not told of: nobody waits for their turn there. */
export const BalanceAfter = z.object({
  account: z.string(),
  currency: z.string(),
  balance: z.int(),
  line: z
    .int()
    .describe(
      "the transfer's number in the account's statement: of two balances the one with the higher line is newer",
    ),
})

/** The same for the same key, however often it is asked for. */
export const Receipt = z.object({
  transferId: Id.describe('of a hold, also the id of the hold'),
  at: Timestamp,
  balances: z.array(BalanceAfter),
})
export type Receipt = z.infer<typeof Receipt>

export const TRANSFER_KINDS = ['transfer', 'hold', 'post', 'void', 'reversal', 'faucet'] as const
export const TransferKind = z.enum(TRANSFER_KINDS)
export type TransferKind = z.infer<typeof TransferKind>

export const StatementLine = z.object({
  line: z.int().describe('numbers the lines of an account, from 1'),
  transferId: Id,
  kind: TransferKind,
  reason: z.string(),
  amount: z.int().describe('minor units; below 0 when it left the account'),
  balance: z.int().describe('after it'),
  at: Timestamp,
})
export type StatementLine = z.infer<typeof StatementLine>

export const BalanceOf = z.object({
  currency: z.string(),
  decimals: z.int().describe('digits of the minor unit: 2 when 100 are one coin'),
  balance: z.int().describe('minor units that can be spent'),
  held: z.int().describe('minor units set aside by holds that are open'),
})
export type BalanceOf = z.infer<typeof BalanceOf>

const Hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower case hex')
  .describe('SHA-256 in hex')

/** A day (UTC) that is over, sealed as a Merkle tree (RFC 6962) of its transfers. */
export const LedgerDay = z.object({
  day: z.iso.date(),
  transfers: z.int(),
  root: Hash,
  head: Hash.describe('the node above the head of the day before (zeros on the first) and this root'),
})
export type LedgerDay = z.infer<typeof LedgerDay>

/** Leads from a transfer to the head of its day. */
export const TransferProof = LedgerDay.extend({
  entry: z
    .string()
    .describe('the transfer as it is hashed: [id, at, caller, key, kind, reason, about, postings] as JSON'),
  index: z.int().describe("of the entry among the day's, from 0"),
  path: z.array(Hash).describe('from the side of the entry up to the root'),
  before: Hash.describe('head of the day before'),
})
export type TransferProof = z.infer<typeof TransferProof>

export const walletErrors = errors({
  INSUFFICIENT_FUNDS: { status: 409, message: 'The account has less than that.' },
  BALANCE_TOO_LARGE: { status: 409, message: 'The account would hold more than an account can.' },
  UNKNOWN_CURRENCY: { status: 404, message: 'There is no currency of that name here.' },
  KEY_REUSED: { status: 409, message: 'Something else was asked with this key before.' },
  UNKNOWN_HOLD: { status: 404, message: 'There is no such hold.' },
  HOLD_ENDED: { status: 409, message: 'The hold has been posted, voided or has expired.' },
  HOLD_EXCEEDED: { status: 409, message: 'The hold is for less than that.' },
  UNKNOWN_TRANSFER: { status: 404, message: 'There is no such transfer.' },
  REVERSED_ALREADY: { status: 409, message: 'The transfer was reversed before.' },
  FAUCET_LIMIT: { status: 403, message: 'That is more than the faucet gives in a day, or fills a balance up to.' },
  DAY_OPEN: { status: 409, message: 'The day of this transfer is not sealed yet.' },
  NOT_REVERSIBLE: { status: 409, message: 'Holds are voided, and reversals stay.' },
})

const asked = { key: Key, reason: Reason }
const moves = ['INSUFFICIENT_FUNDS', 'BALANCE_TOO_LARGE', 'UNKNOWN_CURRENCY', 'KEY_REUSED'] as const
/** A hold lives no longer than that. */
export const HOLD_MS_MAX = 7 * 24 * 60 * 60 * 1_000
const limit = z.coerce.number().int().min(1).max(100).default(30)
const Page = z.strictObject({ currency: Currency, before: z.coerce.number().int().min(1).optional(), limit })
const Lines = z.object({ lines: z.array(StatementLine) })

/** Accounts and what was moved between them: an append-only ledger with double entries. Every command happens once for its caller's key. */
export const wallet = contract(
  'wallet',
  {
    balances: query({
      summary: "The caller's money",
      auth: 'player',
      http: 'GET /v1/wallet',
      output: z.object({ balances: z.array(BalanceOf) }),
    }),
    statement: query({
      summary: "What came to the caller's account and left it, newest first",
      auth: 'player',
      http: 'GET /v1/wallet/statement',
      input: Page,
      output: Lines,
      errors: ['UNKNOWN_CURRENCY'],
    }),
    balanceAt: query({
      summary: 'What the caller had at a moment',
      auth: 'player',
      http: 'GET /v1/wallet/balance',
      input: z.strictObject({ currency: Currency, at: Timestamp }),
      output: z.object({ balance: z.int() }),
      errors: ['UNKNOWN_CURRENCY'],
    }),
    faucet: command({
      summary: 'Take play money from the faucet, within its limits',
      auth: 'player',
      http: 'POST /v1/wallet/faucet',
      input: z.strictObject({ key: Key, currency: Currency, amount: Amount }),
      output: BalanceOf,
      errors: ['UNKNOWN_CURRENCY', 'KEY_REUSED', 'FAUCET_LIMIT'],
      idempotent: true,
    }),
    setBalance: command({
      summary: 'Have just so much: the faucet gives what is missing, within its limits, and takes what is too much',
      auth: 'player',
      http: 'PUT /v1/wallet/faucet',
      input: z.strictObject({ key: Key, currency: Currency, balance: z.int().min(0).max(AMOUNT_MAX) }),
      output: BalanceOf,
      errors: ['UNKNOWN_CURRENCY', 'KEY_REUSED', 'FAUCET_LIMIT'],
      idempotent: true,
    }),
    days: query({
      summary:
        'Heads of the ledger by day, newest first: whoever keeps one can tell later whether anything before it was changed',
      auth: 'public',
      http: 'GET /v1/ledger/days',
      input: z.strictObject({ before: z.iso.date().optional(), limit }),
      output: z.object({ days: z.array(LedgerDay) }),
    }),
    proof: query({
      summary: 'Proves that a transfer is in the ledger, to its players and to admins',
      auth: 'player',
      http: 'GET /v1/ledger/transfers/:transferId/proof',
      input: z.strictObject({ transferId: Id }),
      output: TransferProof,
      errors: ['UNKNOWN_TRANSFER', 'DAY_OPEN'],
    }),
    balancesOf: query({
      summary: "A player's money",
      auth: 'service',
      input: z.strictObject({ playerId: Id }),
      output: z.object({ balances: z.array(BalanceOf) }),
    }),
    balancesOfPlayer: query({
      summary: "A player's money, for staff",
      auth: 'support',
      http: 'GET /v1/ledger/players/:playerId',
      input: z.strictObject({ playerId: Id }),
      output: z.object({ balances: z.array(BalanceOf) }),
    }),
    statementOfPlayer: query({
      summary: "What came to a player's account and left it, newest first, for staff",
      auth: 'support',
      http: 'GET /v1/ledger/players/:playerId/statement',
      input: Page.extend({ playerId: Id }),
      output: Lines,
      errors: ['UNKNOWN_CURRENCY'],
    }),
    correct: command({
      summary: 'Takes a transfer back, for admins; the ledger keeps who did and why',
      auth: 'admin',
      http: 'POST /v1/ledger/transfers/:transferId/reversal',
      input: z.strictObject({ ...asked, transferId: Id }),
      output: Receipt,
      errors: [...moves, 'UNKNOWN_TRANSFER', 'REVERSED_ALREADY', 'NOT_REVERSIBLE'],
      idempotent: true,
    }),
    transfer: command({
      summary: 'Moves money: all legs or none',
      auth: 'service',
      input: z.strictObject({ ...asked, legs: Legs.min(1) }),
      output: Receipt,
      errors: moves,
      idempotent: true,
    }),
    hold: command({
      summary: 'Sets money aside, until it is posted, voided, or the hold expires',
      auth: 'service',
      input: z.strictObject({
        ...asked,
        account: Account,
        currency: Currency,
        amount: Amount,
        expiresInMs: z.int().min(1_000).max(HOLD_MS_MAX),
      }),
      output: Receipt,
      errors: moves,
      idempotent: true,
    }),
    post: command({
      summary: 'Pays what was held, or a part of it; the rest goes back',
      auth: 'service',
      input: z.strictObject({
        ...asked,
        holdId: Id,
        to: Account,
        amount: Amount.optional().describe('all of it unless given'),
        legs: Legs.default([]).describe('moved with it, or not at all'),
      }),
      output: Receipt,
      errors: [...moves, 'UNKNOWN_HOLD', 'HOLD_ENDED', 'HOLD_EXCEEDED'],
      idempotent: true,
    }),
    void: command({
      summary: 'Gives back what was held',
      auth: 'service',
      input: z.strictObject({ ...asked, holdId: Id }),
      output: Receipt,
      errors: ['KEY_REUSED', 'UNKNOWN_HOLD', 'HOLD_ENDED', 'BALANCE_TOO_LARGE'],
      idempotent: true,
    }),
    reverse: command({
      summary: 'Takes a transfer back by its opposite; nothing in the ledger is ever changed',
      auth: 'service',
      input: z.strictObject({ ...asked, transferId: Id }),
      output: Receipt,
      errors: [...moves, 'UNKNOWN_TRANSFER', 'REVERSED_ALREADY', 'NOT_REVERSIBLE'],
      idempotent: true,
    }),
  },
  { errors: walletErrors },
)

/** On `user:<id>`: the player's money after something moved it. */
export const WALLET_CHANGED = 'WALLET_CHANGED'
export const WalletChanged = z.object({ balances: z.array(BalanceAfter.omit({ account: true })) })

import { setTimeout as delay } from 'node:timers/promises'
import { Fault, type Random } from '@meydan/contracts/core'
import { Receipt, wallet } from '@meydan/contracts/wallet'
import { type Caller, openContext } from '@meydan/kernel/rpc'
import { systemClock as clock } from '@meydan/kernel/time'
import { quietLog as log } from '../harness/quiet.ts'
import type { Branch } from './ground.ts'

/** Who asks the wallet, as the ledger knows them. */
export const BANK = 'bank'
const CALLER: Caller = { kind: 'service', service: BANK }
/** Says nothing about what came of it: it is asked again, with its key. */
const UNCLEAR = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED'])
const AGAIN_MS = 100
/** Whatever is away is back long before. */
const CLEAR_MS_MAX = 60_000

type Procedure = 'transfer' | 'hold' | 'post' | 'void'
/** A receipt, or the code of the fault. */
type Answer = Receipt | string

/** Something that was acknowledged, and what it did to players' balances. */
export interface Done {
  readonly key: string
  readonly transferId: string
  readonly changes: readonly (readonly [account: string, amount: number])[]
}

export interface Book {
  readonly done: Done[]
  /** Keys of what was refused everywhere. */
  readonly refused: string[]
  readonly violations: string[]
}

/** Asks until the answer is clear. */
async function ask({ link }: Branch, procedure: Procedure, input: object): Promise<Answer> {
  for (const untilMs = performance.now() + CLEAR_MS_MAX; performance.now() < untilMs; await delay(AGAIN_MS)) {
    try {
      const context = openContext({ caller: CALLER, clock, log })
      return Receipt.parse(await link.call(wallet, procedure, { reason: 'bank.test', ...input }, context, CALLER))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      if (!UNCLEAR.has(error.code)) return error.code
    }
  }
  return `no answer in ${CLEAR_MS_MAX} ms`
}

/** A service that moves money of these players, one thing after the other, each sent to one process or to both at once. */
export class Client {
  readonly #name: string
  readonly #random: Random
  readonly #branches: readonly [Branch, Branch]
  readonly #players: readonly string[]
  readonly #book: Book
  #turn = 0

  constructor(
    name: string,
    random: Random,
    branches: readonly [Branch, Branch],
    players: readonly string[],
    book: Book,
  ) {
    this.#name = name
    this.#random = random
    this.#branches = branches
    this.#players = players
    this.#book = book
  }

  async act(): Promise<void> {
    await (this.#random.float() < 0.6 ? this.#pay() : this.#holdAndEnd())
  }

  async #pay(): Promise<void> {
    const legs = Array.from({ length: this.#random.int(1, 3) }, () => ({
      from: this.#someone(),
      to: this.#someone(),
      currency: 'coins',
      amount: this.#random.int(1, 400),
    }))
    const changes = legs.flatMap(({ from, to, amount }) => [[from, -amount] as const, [to, amount] as const])
    await this.#once('transfer', { legs }, changes, ['INSUFFICIENT_FUNDS'])
  }

  async #holdAndEnd(): Promise<void> {
    const [account, amount] = [this.#someone(), this.#random.int(1, 400)]
    const terms = { account, currency: 'coins', amount, expiresInMs: 600_000 }
    const held = await this.#once('hold', terms, [[account, -amount]], ['INSUFFICIENT_FUNDS'])
    if (!held) return
    const { transferId: holdId } = held
    const [to, paid] = [this.#someone(), this.#random.int(1, amount)]
    const post = () =>
      this.#once(
        'post',
        { holdId, to, amount: paid },
        [
          [to, paid],
          [account, amount - paid],
        ],
        ['HOLD_ENDED'],
      )
    const undo = () => this.#once('void', { holdId }, [[account, amount]], ['HOLD_ENDED'])
    const way = this.#random.int(0, 2)
    const ends = await Promise.all(way === 0 ? [post()] : way === 1 ? [undo()] : [post(), undo()])
    const count = ends.filter((end) => end !== undefined).length
    if (count !== 1) this.#book.violations.push(`hold ${holdId} ended ${count} times`)
  }

  /** Sends it with a key of its own, and notes what came of it. The receipt, or undefined when it was refused. */
  async #once(
    procedure: Procedure,
    input: object,
    changes: Done['changes'],
    mayBe: readonly string[],
  ): Promise<Receipt | undefined> {
    const key = `${this.#name}-${++this.#turn}`
    const at = this.#random.float() < 0.5 ? this.#branches : [this.#branches[this.#random.int(0, 1)] as Branch]
    const answers = await Promise.all(at.map((branch) => ask(branch, procedure, { ...input, key })))
    const receipts = answers.filter((answer) => typeof answer !== 'string')
    const [receipt] = receipts
    for (const answer of answers)
      if (typeof answer === 'string' && !mayBe.includes(answer))
        this.#book.violations.push(`${procedure} ${key}: ${answer}`)
    if (receipts.some((each) => JSON.stringify(each) !== JSON.stringify(receipt)))
      this.#book.violations.push(`${procedure} ${key} has several receipts`)
    if (receipt) this.#book.done.push({ key, transferId: receipt.transferId, changes })
    else this.#book.refused.push(key)
    return receipt
  }

  #someone(): string {
    return this.#players[this.#random.int(0, this.#players.length - 1)] ?? ''
  }
}

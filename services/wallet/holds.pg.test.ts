import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf, openWorld } from './tests/world.ts'

/** Whatever is done with holds, in whatever order: the ledger says what a few lines of arithmetic say. */

let world: Awaited<ReturnType<typeof openWorld>>
let players = 100
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const START = 100
const LIVES_MS = 10_000

/** `which`: the hold, by the order in which they were made; there may be none of that number yet. */
const which = fc.nat(5)
const amount = fc.integer({ min: 1, max: 70 })
const step = fc.oneof(
  fc.record({ act: fc.constant('hold' as const), amount }),
  fc.record({ act: fc.constant('post' as const), which, amount: fc.option(amount, { nil: undefined }) }),
  fc.record({ act: fc.constant('void' as const), which }),
  fc.record({ act: fc.constant('pay' as const), amount }),
  fc.record({ act: fc.constant('wait' as const), ms: fc.constantFrom(4_000, LIVES_MS) }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Held {
  readonly amount: number
  readonly untilMs: number
  isOpen: boolean
}

/** What the ledger should say: the code of a fault, or `done`. */
class Model {
  balance = START
  nowMs = 0
  readonly holds: Held[] = []

  get held(): number {
    return this.holds.reduce((sum, { isOpen, amount: of }) => sum + (isOpen ? of : 0), 0)
  }

  do(step: Step): string {
    if (step.act === 'wait') return this.#wait(step.ms)
    if (step.act === 'hold' || step.act === 'pay') {
      if (step.amount > this.balance) return 'INSUFFICIENT_FUNDS'
      this.balance -= step.amount
      if (step.act === 'hold') this.holds.push({ amount: step.amount, untilMs: this.nowMs + LIVES_MS, isOpen: true })
      return 'done'
    }
    const hold = this.holds[step.which]
    if (!hold) return 'UNKNOWN_HOLD'
    const paid = step.act === 'void' ? 0 : (step.amount ?? hold.amount)
    if (paid > hold.amount) return 'HOLD_EXCEEDED'
    if (!hold.isOpen) return 'HOLD_ENDED'
    return this.#end(hold, paid)
  }

  #wait(ms: number): string {
    this.nowMs += ms
    for (const hold of this.holds) if (hold.isOpen && hold.untilMs <= this.nowMs) this.#end(hold, 0)
    return 'done'
  }

  #end(hold: Held, paid: number): string {
    hold.isOpen = false
    this.balance += hold.amount - paid
    return 'done'
  }
}

/** The same in the ledger; the house is paid. */
async function inLedger(step: Step, player: string, holdIds: string[]): Promise<unknown> {
  const account = `player:${player}`
  const terms = { currency: 'coins', reason: 'test' }
  switch (step.act) {
    case 'wait':
      world.clock.advance(step.ms)
      return codeOf(world.runJobs())
    case 'pay':
      return codeOf(world.transfer({ legs: [{ from: account, to: 'house', currency: 'coins', amount: step.amount }] }))
    case 'hold': {
      const hold = world.hold({ ...terms, account, amount: step.amount, expiresInMs: LIVES_MS })
      return codeOf(hold.then(({ transferId }) => holdIds.push(transferId)))
    }
    case 'post':
      return codeOf(world.post({ holdId: holdIds[step.which] ?? '1', to: 'house', amount: step.amount }))
    case 'void':
      return codeOf(world.void({ holdId: holdIds[step.which] ?? '1' }))
  }
}

test('W1 W5 holds do what arithmetic says, in every order of holding, posting, voiding, paying and waiting', async () => {
  const history = fc.array(step, { minLength: 1, maxLength: 20 })
  const property = fc.asyncProperty(history, async (steps) => {
    const player = String(++players)
    await world.give(player, START)
    const model = new Model()
    const holdIds: string[] = []
    for (const each of steps) {
      expect(await inLedger(each, player, holdIds)).toBe(model.do(each))
      expect(await world.has(player)).toEqual([model.balance, model.held])
    }
  })
  await fc.assert(property, { numRuns: 30 })
  expect(await world.findings()).toEqual([])
})

test('W9 a hold that was ended, opened or changed behind the ledger is found', async () => {
  const ada = String(++players)
  await world.give(ada, START)
  const terms = { account: `player:${ada}`, currency: 'coins', amount: 10, expiresInMs: LIVES_MS }
  const { transferId: open } = await world.hold(terms)
  const { transferId: ended } = await world.hold(terms)
  await world.void({ holdId: ended })
  const found = async (change: string, back: string, holdId: string) => {
    await world.rows(`update wallet.holds set ${change} where hold_id = ${holdId}`)
    const findings = await world.findings()
    await world.rows(`update wallet.holds set ${back} where hold_id = ${holdId}`)
    return findings.map(({ rule, where }) => [rule, where])
  }
  expect(await found("state = 'voided'", "state = 'open'", open)).toEqual([['hold', open]])
  expect(await found("state = 'open'", "state = 'voided'", ended)).toEqual([['hold', ended]])
  expect(await found('amount = 11', 'amount = 10', open)).toEqual([['hold', open]])
  expect(await world.findings()).toEqual([])
})

test('W9 what reaches escrow without a hold is found', async () => {
  const { transferId } = await world.give(String(++players), 10)
  const move = (from: string, to: string): Promise<void> =>
    world.tamper(
      'postings',
      `update wallet.postings set account_id = (select account_id from wallet.accounts where owner = '${to}' and currency = 'coins')
        where transfer_id = ${transferId} and account_id = (select account_id from wallet.accounts where owner = '${from}' and currency = 'coins')`,
    )
  await move('faucet', 'escrow')
  expect(await world.findings()).toMatchObject([{ rule: 'escrow', where: transferId }])
  await move('escrow', 'faucet')
})

import { quietLog } from '@meydan/conformance/harness'
import { memoryLeases } from '@meydan/drivers/memory'
import { OperatorError } from '@meydan/kernel/config'
import type { Leases } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { claimNode, type NodeClaim } from './node.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function machine() {
  const clock = manualClock()
  const shared = memoryLeases(clock)
  const onLost = vi.fn()
  const said: string[] = []
  const claim = (owner: string, wanted?: number, leases: Leases = shared): Promise<NodeClaim> =>
    claimNode({ leases, wanted, owner, patienceMs: 500, log: quietLog, say: (what) => void said.push(what), onLost })
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      clock.advance(1_000)
      await vi.advanceTimersByTimeAsync(1_000)
    }
  }
  return { clock, shared, claim, pass, onLost, said }
}

test('C10 processes that ask for no number get one each, and keep it', async () => {
  const { claim, pass, onLost } = machine()
  const [one, two] = [await claim('a'), await claim('b')]
  await pass(20_000)
  const three = await claim('c')
  expect([one.node, two.node, three.node, onLost.mock.calls]).toEqual([0, 1, 2, []])
  await one.stop()
  expect((await claim('d')).node).toBe(0)
})

test('C10 E4 two processes with one number: the second is refused, and told what to do', async () => {
  const { claim, said } = machine()
  const one = await claim('a', 7)
  const second = claim('b', 7)
  await expect(second).rejects.toThrow(OperatorError)
  await expect(second).rejects.toThrow('MEYDAN_NODE=7')
  expect([one.node, said]).toEqual([7, ['waiting for number 7 to be free']])
})

test('C10 an earlier life that died without a word is waited for', async () => {
  const { clock, claim } = machine()
  const dead = await claim('a', 7)
  const again = claim('b', 7)
  vi.clearAllTimers()
  clock.advance(7_000)
  expect([dead.node, (await again).node]).toEqual([7, 7])
})

test('C10 a number that was lost for a moment is taken back; one that is another’s now is told at once', async () => {
  const { clock, shared, claim, pass, onLost } = machine()
  const one = await claim('a', 3)
  clock.advance(30_000)
  await pass(1_000)
  expect([(await shared.holder('process:{3}'))?.owner, onLost.mock.calls.length]).toEqual(['a', 0])
  clock.advance(30_000)
  await shared.acquire('process:{3}', 'b', 60_000)
  await pass(1_000)
  expect([one.node, onLost.mock.calls.length]).toEqual([3, 1])
})

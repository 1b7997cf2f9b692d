import { type GameEvent, seededRandom } from '@meydan/contracts/core'
import { arena } from '@meydan/games/arena'
import { expect, test } from 'vitest'
import { Prediction } from './predict.ts'

const LATE_TICKS = 7

test('A10 with haste that begins and ends under way, the prediction stays exactly where the server gets to', () => {
  const random = seededRandom(1)
  const turn = { tick: 0, timeMs: 0, random, emit: (_: GameEvent) => undefined }
  const state = arena.create({ random, options: { warmupMs: 10_000 } })
  arena.join(state, { index: 0, playerId: '1', name: 'Ada', bot: false }, turn)
  const prediction = new Prediction()
  const predicted: (object | undefined)[] = []
  const sent: { moveX: number; moveY: number; aim: number; fire: number }[] = []
  const avatar = () => {
    const own = state.avatars[0]
    if (!own) throw new Error('no avatar')
    return own
  }
  prediction.correct(avatar(), 0, 0)
  for (let seq = 1; seq <= 300; seq++) {
    const wish = { moveX: random.int(-16, 16) / 16, moveY: random.int(-16, 16) / 16, aim: 0, fire: 0 }
    sent.push(wish)
    prediction.apply(seq, wish)
    predicted.push(prediction.position && { ...prediction.position })
    const arrived = sent[seq - 1 - LATE_TICKS]
    if (!arrived) continue
    turn.tick++
    arena.input(state, 0, arrived, turn)
    arena.tick(state, turn)
    // What the server has now was predicted for this input, unless haste came meanwhile, which nobody could know.
    const known = predicted[turn.tick - 1]
    const isNews = avatar().hasteEndsTick - turn.tick > 100 - 2 * LATE_TICKS
    if (!isNews) expect({ x: avatar().x, y: avatar().y }).toEqual(known)
    if (turn.tick === 100) avatar().hasteEndsTick = turn.tick + 1 + 100
    if (turn.tick % 2 === 0) prediction.correct(avatar(), turn.tick, turn.tick)
  }
})

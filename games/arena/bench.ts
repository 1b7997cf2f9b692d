import { seededRandom } from '@meydan/contracts/core'
import { SHELLS_MAX } from './balance.ts'
import { arena } from './game.ts'
import { openMatch } from './match.ts'

/**
 * What one tick and one view cost with five avatars that move and hold a trigger, two of them the scatter's:
 * `npm run bench -w games`. Prints microseconds; the budget for a tick is 8 at the median.
 */
const BATCH_TICKS = 100
const BATCHES = 2_000
const WARM_UP_BATCHES = 200

const match = openMatch(1, 5, { warmupMs: 0 })
const random = seededRandom(2)
const tickUs: number[] = []
const viewUs: number[] = []
let rows = 0
let shots = 0
const out = {
  row: () => {
    rows++
  },
}

for (let batch = 0; batch < BATCHES + WARM_UP_BATCHES; batch++) {
  const began = performance.now()
  match.run(BATCH_TICKS)
  const ticked = performance.now()
  for (let tick = 0; tick < BATCH_TICKS; tick++) arena.view(match.state, null, out)
  const viewed = performance.now()
  if (batch >= WARM_UP_BATCHES) {
    tickUs.push(((ticked - began) * 1000) / BATCH_TICKS)
    viewUs.push(((viewed - ticked) * 1000) / BATCH_TICKS)
    for (const shot of match.state.shots) if (shot.live) shots++
  }
  prepare()
}

console.table({ tick: spread(tickUs), view: spread(viewUs) })
console.log(
  `µs each, ${BATCHES} batches of ${BATCH_TICKS}; ${(shots / BATCHES).toFixed(1)} shots in the air on average; ${rows} rows written`,
)

/** Keeps the match at its start, and everybody up, moving and firing, so that each batch measures the same. */
function prepare(): void {
  match.events.length = 0
  match.state.phaseEndsTick = match.turn.tick + 100_000
  for (const [seat, avatar] of match.state.avatars.entries()) {
    avatar.health = 100
    avatar.shells = SHELLS_MAX
    const stick = () => random.int(-16, 16) / 16
    match.input(seat, { moveX: stick(), moveY: stick(), aim: random.int(0, 1023), fire: 1 + (seat % 2) })
    // Inputs hold for 34 ticks; here for the whole batch.
    avatar.inputTick = match.turn.tick + BATCH_TICKS
  }
}

function spread(values: readonly number[]) {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (share: number) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 100) / 100
  return { median: at(0.5), p90: at(0.9), p99: at(0.99), worst: at(1) }
}

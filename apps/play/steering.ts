import type { Row } from '@meydan/contracts/core'
import { aimTowards, type arena, type inputLayout, LIFE } from '@meydan/games/arena'
import type { Room } from '@meydan/sdk'

type ArenaRoom = Room<typeof arena.inputLayout, typeof arena.viewLayout>

const TURN_EVERY = 40

/** Simple play: wander, look at the nearest living opponent, and fire. `turn` counts the inputs of this player. */
export function steer(room: ArenaRoom, turn: number): Row<typeof inputLayout> {
  const me = room.view.avatars.get(room.joined.seat)
  const heading = Math.floor(turn / TURN_EVERY) * 2.4 + room.joined.seat
  const stick = { moveX: Math.cos(heading), moveY: Math.sin(heading) }
  if (!me) return { ...stick, aim: 0, fire: 0 }
  let nearest = { distance: Number.POSITIVE_INFINITY, dx: 1, dy: 0 }
  for (const [seat, other] of room.view.avatars) {
    if (seat === room.joined.seat || other.life === LIFE.dead) continue
    const [dx, dy] = [other.x - me.x, other.y - me.y]
    const distance = Math.hypot(dx, dy)
    if (distance < nearest.distance) nearest = { distance, dx, dy }
  }
  return { ...stick, aim: aimTowards(nearest.dx, nearest.dy), fire: nearest.distance < 400 ? 1 : 0 }
}

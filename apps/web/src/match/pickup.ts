import { PICKUP, PICKUP_RADIUS, type Pickup } from '@meydan/games/arena'
import type { Graphics } from 'pixi.js'
import { FIELD_COLOURS } from '../colours.ts'

/** A cross for a medkit, shells for a box of them, two arrows for haste: told apart by shape before colour. */
export function drawPickup(into: Graphics, { kind, x, y }: Pickup): void {
  if (kind === PICKUP.medkit) drawMedkit(into, x, y)
  else if (kind === PICKUP.shells) drawShells(into, x, y)
  else drawHaste(into, x, y)
}

function drawMedkit(into: Graphics, x: number, y: number): void {
  into.circle(x, y, PICKUP_RADIUS).stroke({ color: FIELD_COLOURS.medkit, width: 3 })
  into
    .rect(x - 8, y - 2.5, 16, 5)
    .rect(x - 2.5, y - 8, 5, 16)
    .fill(FIELD_COLOURS.medkit)
}

function drawShells(into: Graphics, x: number, y: number): void {
  const side = PICKUP_RADIUS * 2 - 2
  into.roundRect(x - side / 2, y - side / 2, side, side, 5).stroke({ color: FIELD_COLOURS.shells, width: 3 })
  for (const dx of [-8.5, -2.5, 3.5]) into.roundRect(x + dx, y - 7, 5, 14, 2)
  into.fill(FIELD_COLOURS.shells)
}

function drawHaste(into: Graphics, x: number, y: number): void {
  into.circle(x, y, PICKUP_RADIUS).stroke({ color: FIELD_COLOURS.haste, width: 3 })
  for (const dx of [-7, 1]) {
    into
      .moveTo(x + dx, y - 7)
      .lineTo(x + dx + 6, y)
      .lineTo(x + dx, y + 7)
  }
  into.stroke({ color: FIELD_COLOURS.haste, width: 3.5, cap: 'round', join: 'round' })
}

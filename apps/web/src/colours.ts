/** By seat: told apart by hue and lightness both, for those who see hues less. */
export const SEAT_COLOURS = ['#2dd4bf', '#fb923c', '#a78bfa', '#f472b6', '#facc15'] as const

export function seatColour(seat: number): string {
  return SEAT_COLOURS[seat % SEAT_COLOURS.length] ?? '#ffffff'
}

/** The field is dark in both themes, so that what moves on it is what is bright. */
export const FIELD_COLOURS = {
  ground: '#18211f',
  grid: '#22302c',
  wall: '#4b5f59',
  medkit: '#86efac',
  shells: '#f8fafc',
  haste: '#60a5fa',
  hurt: '#f87171',
  shield: '#bfe9ff',
} as const

/** Who stands side by side. */
export const CONTESTANTS = {
  meydan: 'Meydan: gateway, socket door and room engine; a snapshot each tick',
  colyseus: '@colyseus/core with its ws transport; simulation and patch each 15 ms',
  ws: 'bare ws: one loop, one frame a player; what a server could do at most',
  arena: 'Meydan, the whole arena game as it ships: a snapshot each second tick',
  'arena-each-tick': 'Meydan, the whole arena game, a snapshot each tick',
} as const

export type Contestant = keyof typeof CONTESTANTS

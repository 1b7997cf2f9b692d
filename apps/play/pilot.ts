import type { Game, Layout, Row } from '@meydan/contracts/core'
import { allGames } from '@meydan/games/all'
import { arena } from '@meydan/games/arena'
import type { Client, Room } from '@meydan/sdk'
import { steer } from './steering.ts'

export interface Seated {
  readonly room: Pick<Room, 'onSnapshot' | 'onClosed'>
  /** Sends the next input; `turn` counts them. */
  readonly move: (turn: number) => void
}

/** Takes a seat and knows how to play in it. */
export type Pilot = (client: Client, roomId: string) => Promise<Seated>

/** The arena is steered; any other game gets inputs drawn from its layout, which its rules have to bear. Undefined: no such game. */
export function pilotFor(name: string): Pilot | undefined {
  if (name === arena.name) return flyArena
  const game = allGames.find((one) => one.name === name)
  return game && ((client, roomId) => playAtRandom(client, roomId, game))
}

async function flyArena(client: Client, roomId: string): Promise<Seated> {
  const room = await client.joinRoom(roomId, arena)
  return { room, move: (turn) => void room.send(steer(room, turn)) }
}

async function playAtRandom(client: Client, roomId: string, game: Game): Promise<Seated> {
  const room = await client.joinRoom(roomId, game)
  return { room, move: () => void room.send(anyInput(game.inputLayout)) }
}

function anyInput(layout: Layout): Row<Layout> {
  const fields = Object.entries(layout)
  return Object.fromEntries(fields.map(([name, { min, max }]) => [name, min + Math.random() * (max - min)]))
}

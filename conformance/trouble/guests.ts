import { MATCH_FOUND } from '@meydan/contracts/matchmaking'
import { arena } from '@meydan/games/arena'
import { type Client, createClient, memoryStorage, type Room, type Storage } from '@meydan/sdk'

export type ArenaRoom = Room<typeof arena.inputLayout, typeof arena.viewLayout>

/** Somebody who is in a match over the SDK, as people are. */
export interface Seated {
  readonly client: Client
  readonly room: ArenaRoom
  readonly roomId: string
  /** What signs the same player in again, on another device. */
  readonly storage: Storage
}

/** Signs a new guest in and connects. */
export async function guestOf(url: string, displayName: string, storage = memoryStorage()): Promise<Client> {
  const client = createClient({ url, storage })
  await client.guest({ displayName })
  await client.connect()
  return client
}

/** Where a client's match is, once it has one. */
export async function roomFor(client: Client): Promise<string> {
  const found = new Promise<string>((resolve) => client.on(MATCH_FOUND, ({ roomId }) => resolve(roomId)))
  const status = await client.call.matchmaking.ask({ game: arena.name })
  return status.state === 'playing' ? status.roomId : found
}

/** A new guest in a match. */
export async function seated(url: string, displayName: string): Promise<Seated> {
  const storage = memoryStorage()
  const client = await guestOf(url, displayName, storage)
  const roomId = await roomFor(client)
  return { client, room: await client.joinRoom(roomId, arena), roomId, storage }
}

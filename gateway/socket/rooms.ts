import type { GameEvent, Id } from '@meydan/contracts/core'
import { core } from '@meydan/contracts/core'
import type { Entered, Joined, Watching } from '@meydan/contracts/socket'
import { handleOf, ROOM_FRAME_TYPE_MAX, setHandle } from '@meydan/contracts/wire'
import type { Hub, Session } from '@meydan/realtime/hub'
import type { Attachment, AttachRequest, RoomDoor, RoomSink } from '@meydan/realtime/rooms'

/** A session plays in few rooms at once, or watches them. */
const ROOMS_PER_SESSION_MAX = 4

/** Binary room frames begin with a type below 0x80; a MessagePack map never does (B1). */
export function isRoomFrame(data: Uint8Array): boolean {
  const type = data[0]
  return type !== undefined && type > 0 && type <= ROOM_FRAME_TYPE_MAX
}

export const ROOM_CLOSED = 'ROOM_CLOSED'

/** Which room, and the newest of its events that the client has. */
type Entering = Pick<AttachRequest, 'roomId' | 'after'>

/** Takes the session's seat in a room. */
export function joinRoom(hub: Hub, rooms: RoomDoor, session: Session, entering: Entering): Promise<Joined> {
  return enter(hub, session, entering, (request) => rooms.attach(request))
}

/** Watches a room without a seat in it. */
export function spectateRoom(hub: Hub, rooms: RoomDoor, session: Session, entering: Entering): Promise<Watching> {
  return enter(hub, session, entering, (request) => rooms.spectate(request))
}

/** The room's frames go to whatever connection the session has at the time. */
async function enter<As extends Entered>(
  hub: Hub,
  session: Session,
  { roomId, after }: Entering,
  attach: (request: AttachRequest) => Promise<Attachment<As>>,
): Promise<As> {
  const playerId = session.owner?.playerId
  if (playerId === undefined) throw core.UNAUTHENTICATED()
  if (session.rooms.size >= ROOMS_PER_SESSION_MAX) {
    throw core.RATE_LIMITED({ message: `A session is in at most ${ROOMS_PER_SESSION_MAX} rooms at once.` })
  }
  const handle = session.nextHandle()
  const topic = `room:${roomId}`
  let newest = after ?? -1
  let attached: Attachment | undefined
  const tell = (event: string, data: GameEvent | { reason: string }, seq: number): void => {
    newest = seq
    hub.tell(session, { topic, seq, event, data })
  }
  const sink: RoomSink = {
    frame(bytes) {
      setHandle(bytes, handle)
      session.connection?.room(bytes)
    },
    event: (event, seq) => tell(event.type, event, seq),
    refused: (fault) => session.connection?.badRoomFrame(fault),
    closed(reason) {
      if (attached && session.rooms.get(handle) === attached) session.rooms.delete(handle)
      // A seat taken over by the session's own new attachment goes on; only others need to know.
      if (reason !== 'replaced' || attached?.joined.roomId !== roomId || !isReplacedHere(session, roomId))
        tell(ROOM_CLOSED, { reason }, newest + 1)
    },
  }
  const attachment = await attach({ roomId, playerId, sink, after })
  attached = attachment
  newest = Math.max(newest, attachment.joined.eventSeq)
  session.rooms.set(handle, attachment)
  return { ...attachment.joined, handle }
}

function isReplacedHere(session: Session, roomId: Id): boolean {
  return [...session.rooms.values()].some(({ joined }) => joined.roomId === roomId)
}

export function partRoom(session: Session, handle: number): void {
  session.rooms.get(handle)?.detach()
  session.rooms.delete(handle)
}

/** An input for a room. One for a room that the session is not in is dropped: the room may just have ended. */
export function inputFrame(session: Session, data: Uint8Array): void {
  const handle = handleOf(data)
  if (handle === undefined) throw core.INVALID_INPUT({ message: 'A room frame has a type and a handle.' })
  session.rooms.get(handle)?.input(data)
}

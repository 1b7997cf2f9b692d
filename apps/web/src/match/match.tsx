import { arena } from '@meydan/games/arena'
import { useEffect, useRef, useState } from 'react'
import { client } from '../client.ts'
import { often } from '../often.ts'
import { Roster } from '../roster.ts'
import type { MatchResult } from '../stage.ts'
import { HAS_THUMBS } from '../ui/pointer.ts'
import { Hud } from './hud.tsx'
import { Notice } from './notice.tsx'
import { type ArenaRoom, type Gear, playRoom } from './play.ts'
import { type Kill, type Scene, sceneOf } from './scene.ts'
import { Sounds } from './sound.ts'
import { WeaponChoice } from './weapon.ts'
import { WeaponBar } from './weapon-bar.tsx'

const SCENE_EVERY_MS = 150

interface MatchProps {
  readonly roomId: string
  readonly onOver: (result: MatchResult) => void
  /** There is no match any more, with a sentence when the player did not want that. */
  readonly onGone: (problem: string | null) => void
}

/** The arena itself: the field, and what is written around it. */
export default function Match({ roomId, onOver, onGone }: MatchProps) {
  const field = useRef<HTMLDivElement>(null)
  const [scene, setScene] = useState<Scene | null>(null)
  const [gear] = useState<Gear>(() => ({ choice: new WeaponChoice(), sounds: new Sounds() }))

  useEffect(() => {
    const element = field.current
    if (!element) return
    const ends: (() => void)[] = [gear.sounds.listen()]
    let isGone = false
    const begin = async (): Promise<void> => {
      const room = await client.joinRoom(roomId, arena)
      if (isGone) return
      ends.push(...(await openMatch(room, element, gear, setScene, onOver, onGone)))
      // The page went elsewhere while the drawing library was opening.
      if (isGone) for (const end of ends.splice(0)) end()
    }
    begin().catch((error: unknown) => {
      console.warn('the match could not be opened', error)
      if (!isGone) onGone('The match could not be opened. It may be over, or this browser cannot draw it.')
    })
    return () => {
      isGone = true
      for (const end of ends.splice(0)) end()
    }
  }, [roomId, gear, onOver, onGone])

  const leave = async (): Promise<void> => {
    try {
      await client.call.rooms.leave({ roomId })
      onGone(null)
    } catch (error) {
      console.info('the seat could not be given up', error)
      onGone('The match goes on without you.')
    }
  }

  return (
    <main className="fixed inset-0 flex flex-col bg-ground text-white">
      <h1 className="sr-only">Arena match</h1>
      <Hud scene={scene} gear={gear} onLeave={leave} />
      <div className="relative min-h-0 flex-1">
        <div ref={field} data-testid="field" data-room={roomId} className="absolute inset-0 touch-none select-none" />
        {scene && <Notice scene={scene} />}
        {scene && HAS_THUMBS && (
          <div className="absolute inset-x-0 bottom-44 flex justify-center">
            <WeaponBar arms={scene.arms} onChoose={(fire) => gear.choice.choose(fire)} />
          </div>
        )}
      </div>
    </main>
  )
}

/** Starts everything that runs while a match does; gives what ends it. */
async function openMatch(
  room: ArenaRoom,
  element: HTMLElement,
  gear: Gear,
  show: (scene: Scene) => void,
  onOver: MatchProps['onOver'],
  onGone: MatchProps['onGone'],
): Promise<(() => void)[]> {
  const roster = new Roster(room.joined)
  const playing = await playRoom(room, element, roster, gear)
  const kills: Kill[] = []
  const stopHearing = room.onEvent((event) => {
    if (event.type !== 'KILL') return
    kills.push({
      killer: Number(event.killer),
      victim: Number(event.victim),
      weapon: Number(event.weapon),
      atMs: performance.now(),
    })
    if (kills.length > 5) kills.shift()
  })
  const scene = (): Scene => sceneOf(room, roster, kills, gear.choice, performance.now())
  const stopShowing = often(SCENE_EVERY_MS, () => show(scene()))
  const stopClosing = room.onClosed((reason) => {
    if (reason === 'ended') onOver({ roomId: room.joined.roomId, lines: scene().lines })
    else if (reason === 'replaced') onGone('You went on playing in another window.')
    else if (reason !== 'left') onGone('The match was lost with its server.')
  })
  show(scene())
  if (room.isClosed) onOver({ roomId: room.joined.roomId, lines: scene().lines })
  return [stopShowing, playing.stop, stopHearing, stopClosing, () => roster.stop()]
}

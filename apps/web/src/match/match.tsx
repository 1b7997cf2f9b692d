import { arena } from '@meydan/games/arena'
import type { Room } from '@meydan/sdk'
import { useEffect, useRef, useState } from 'react'
import { client } from '../client.ts'
import { i18n, useText } from '../i18n/i18n.ts'
import { often } from '../often.ts'
import { patiently } from '../patience.ts'
import { Roster } from '../roster.ts'
import type { MatchResult } from '../stage.ts'
import { HAS_THUMBS } from '../ui/pointer.ts'
import { Away } from './away.tsx'
import { factsOf } from './facts.ts'
import { Hud } from './hud.tsx'
import { Kills } from './kills.ts'
import { Notice } from './notice.tsx'
import { type Gear, playRoom } from './play.ts'
import { isRoomGone } from './room-gone.ts'
import { type Names, type Scene, sceneOf } from './scene.ts'
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
  const t = useText('match')
  const field = useRef<HTMLDivElement>(null)
  const [scene, setScene] = useState<Scene | null>(null)
  const [gear] = useState<Gear>(() => ({ choice: new WeaponChoice(), sounds: new Sounds(), play: undefined }))

  useEffect(() => {
    const element = field.current
    if (!element) return
    const ends: (() => void)[] = [gear.sounds.listen()]
    let isGone = false
    const begin = async (): Promise<void> => {
      const room = await patiently(() => client.joinRoom(roomId, arena))
      if (isGone) return
      ends.push(...(await openMatch(room, element, gear, setScene, onOver, onGone)))
      // The page went elsewhere while the drawing library was opening.
      if (isGone) for (const end of ends.splice(0)) end()
    }
    begin().catch((error: unknown) => {
      if (isGone) return
      if (isRoomGone(error)) return onOver({ roomId, lines: [] })
      console.warn('the match could not be opened', error)
      onGone(i18n.t('match:notOpened'))
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
      onGone(t('goesOn'))
    }
  }

  return (
    <main className="fixed inset-0 flex flex-col bg-ground text-white">
      <h1 className="sr-only">{t('title')}</h1>
      <Hud scene={scene} gear={gear} onLeave={leave} />
      <div className="relative min-h-0 flex-1">
        <div ref={field} data-testid="field" data-room={roomId} className="absolute inset-0 touch-none select-none" />
        {scene && <Notice scene={scene} />}
        {scene && HAS_THUMBS && (
          <div className="absolute inset-x-0 bottom-44 flex justify-center">
            <WeaponBar arms={scene.arms} onChoose={(fire) => gear.choice.choose(fire)} />
          </div>
        )}
        <Away hint={t('awayHint')} />
      </div>
    </main>
  )
}

/** Starts everything that runs while a match does; gives what ends it. */
async function openMatch(
  room: Room<typeof arena.inputLayout, typeof arena.viewLayout>,
  element: HTMLElement,
  gear: Gear,
  show: (scene: Scene) => void,
  onOver: MatchProps['onOver'],
  onGone: MatchProps['onGone'],
): Promise<(() => void)[]> {
  const { seat } = room.joined
  const roster = new Roster(room.joined)
  const names: Names = {
    nameOf: (index) => (index === seat ? i18n.t('match:you') : roster.nameOf(index)),
    playerOf: (index) => roster.playerOf(index),
  }
  const playing = await playRoom(room, element, names, gear)
  const kills = new Kills()
  const stopHearing = room.onEvent((event) => kills.hear(event, performance.now()))
  const scene = (): Scene => sceneOf(room, seat, names, kills.all, gear.choice, performance.now())
  const result = (): MatchResult => ({
    roomId: room.joined.roomId,
    // What others read of it is no "You".
    lines: scene().lines.map((line) => ({ ...line, name: roster.nameOf(line.seat) })),
    facts: factsOf(kills.all, seat, (index) => roster.nameOf(index)),
  })
  const stopShowing = often(SCENE_EVERY_MS, () => show(scene()))
  const stopClosing = room.onClosed((reason) => {
    if (reason === 'ended') onOver(result())
    else if (reason === 'replaced') onGone(i18n.t('match:elsewhere'))
    else if (reason !== 'left') onGone(i18n.t('match:lost'))
  })
  show(scene())
  if (room.isClosed) onOver(result())
  return [stopShowing, playing.stop, stopHearing, stopClosing, () => roster.stop()]
}

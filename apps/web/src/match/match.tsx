import { arena, PHASE, TICK_MS } from '@meydan/games/arena'
import { useEffect, useRef, useState } from 'react'
import { client } from '../client.ts'
import type { MatchResult } from '../stage.ts'
import { Hud, type HudState } from './hud.tsx'
import { type ArenaRoom, playRoom } from './play.ts'

const HUD_EVERY_MS = 200

/** The arena itself: the field, and what is written over it. */
export default function Match({ roomId, onOver }: { roomId: string; onOver: (result: MatchResult | null) => void }) {
  const field = useRef<HTMLDivElement>(null)
  const [hud, setHud] = useState<HudState | null>(null)

  useEffect(() => {
    const element = field.current
    if (!element) return
    const ends: (() => void)[] = []
    let isGone = false
    const begin = async (): Promise<void> => {
      const room = await client.joinRoom(roomId, arena)
      if (isGone) return
      const names = new Map(room.joined.seats.map(({ index, name }) => [index, name]))
      const playing = await playRoom(room, element)
      const feed: string[] = []
      ends.push(playing.stop)
      ends.push(room.onEvent((event) => void feed.push(...news(event, names))))
      const timer = setInterval(() => setHud(hudOf(room, names, feed)), HUD_EVERY_MS)
      ends.push(() => clearInterval(timer))
      ends.push(room.onClosed((reason) => onOver(reason === 'ended' ? resultOf(room, names) : null)))
      if (isGone) for (const end of ends) end()
    }
    begin().catch((error: unknown) => {
      console.warn('the room could not be joined', error)
      onOver(null)
    })
    return () => {
      isGone = true
      for (const end of ends) end()
    }
  }, [roomId, onOver])

  return (
    <main className="fixed inset-0 bg-[#18211f] text-white">
      <h1 className="sr-only">Arena match</h1>
      <div ref={field} data-testid="field" data-room={roomId} className="absolute inset-0 touch-none select-none" />
      {hud && <Hud {...hud} />}
    </main>
  )
}

function hudOf(room: ArenaRoom, names: ReadonlyMap<number, string>, feed: readonly string[]): HudState {
  const match = room.view.match.get(0)
  const leftS = match ? Math.max(0, ((match.endsTick - room.tick) * TICK_MS) / 1_000) : 0
  return {
    leftS,
    isWarmup: match?.phase === PHASE.warmup,
    pingMs: client.rttMs,
    lines: linesOf(room, names),
    news: feed.at(-1) ?? '',
  }
}

function linesOf(room: ArenaRoom, names: ReadonlyMap<number, string>): MatchResult['lines'] {
  const lines = [...room.view.scores].map(([seat, row]) => ({
    seat,
    name: names.get(seat) ?? `Player ${seat + 1}`,
    score: row.score,
    kills: row.kills,
    deaths: row.deaths,
    mine: seat === room.joined.seat,
  }))
  return lines.sort((a, b) => b.score - a.score)
}

function resultOf(room: ArenaRoom, names: ReadonlyMap<number, string>): MatchResult {
  return { roomId: room.joined.roomId, lines: linesOf(room, names) }
}

function news(
  event: { readonly type: string; readonly [key: string]: unknown },
  names: ReadonlyMap<number, string>,
): string[] {
  if (event.type !== 'KILL') return []
  const nameOf = (seat: unknown): string => names.get(Number(seat)) ?? 'Somebody'
  return [`${nameOf(event.killer)} → ${nameOf(event.victim)}`]
}

import type { MatchResult } from '../stage.ts'

export interface HudState {
  readonly leftS: number
  readonly isWarmup: boolean
  readonly pingMs: number
  readonly lines: MatchResult['lines']
  readonly news: string
}

/** Time, scores, ping and the last kill, over the field and out of the thumbs' way. */
export function Hud({ leftS, isWarmup, pingMs, lines, news }: HudState) {
  const minutes = Math.floor(leftS / 60)
  const seconds = Math.floor(leftS % 60)
  return (
    <div className="pointer-events-none absolute inset-0 p-3 text-sm sm:p-5">
      <p data-testid="hud-time" className="text-center text-2xl font-bold tabular-nums">
        {isWarmup ? `Get ready · ${Math.ceil(leftS)}` : `${minutes}:${String(seconds).padStart(2, '0')}`}
      </p>
      <p className="mt-1 min-h-5 text-center text-white/80">{news}</p>
      <ol
        data-testid="hud-score"
        className="absolute top-3 left-3 w-32 rounded-lg bg-black/60 p-2 sm:top-5 sm:left-5 sm:w-52 sm:p-3"
      >
        {lines.map((line) => (
          <li
            key={line.seat}
            className={`flex justify-between gap-2 ${line.mine ? 'font-bold text-teal-200' : 'text-white'}`}
          >
            <span className="truncate">{line.mine ? 'You' : line.name}</span>
            <span className="tabular-nums">{line.score}</span>
          </li>
        ))}
      </ol>
      <p
        data-testid="hud-ping"
        className="absolute top-3 right-3 rounded-lg bg-black/60 px-2 py-1 text-white/90 tabular-nums sm:top-5 sm:right-5"
      >
        {Math.round(pingMs)} ms
      </p>
    </div>
  )
}

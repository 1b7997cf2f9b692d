import type { OwnBet } from '@meydan/contracts/crash'
import { type RefObject, useEffect, useRef } from 'react'
import { client } from '../client.ts'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { momentOf } from '../match/frame-time.ts'
import { wantsLessMotion } from '../motion.ts'
import { useStage } from '../stage-provider.tsx'
import type { LobbyLine } from './lobby-line.ts'
import { useMultiplierText } from './multiplier.tsx'
import { drawRound, type Mark } from './picture.ts'
import type { RoundState } from './state.ts'

const PIXEL_RATIO_MAX = 2
const DECIMALS = 2
const SECOND_MS = 1_000

interface StageProps {
  readonly line: LobbyLine
  readonly round: RoundState | null
  /** Of the betting window, ms. */
  readonly bettingMs: number
}

const COUNTING = 'items-center justify-center p-4 text-center'
/** In the corner that the curve never comes to. */
const RISING = 'pt-6 pl-14 sm:pt-10 sm:pl-20'

/** The round as a picture, and over it where it is. */
export function Stage({ line, round, bettingMs }: StageProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const number = useRef<HTMLParagraphElement>(null)
  const textOf = useMultiplierText()
  const shown = useRef({ round, textOf })
  shown.current = { round, textOf }
  useEffect(() => {
    if (!canvas.current || !number.current) return
    return play(canvas.current, number.current, line, () => shown.current)
  }, [line])
  const phase = round?.phase ?? 'waiting'
  const isCounting = phase === 'waiting' || phase === 'betting'
  return (
    <div
      data-testid="stage"
      data-phase={phase}
      data-round={round?.roundId}
      data-started={round?.startedAtMs ?? undefined}
      className="relative h-56 overflow-hidden rounded-2xl bg-ground text-white sm:h-96 lg:h-auto lg:min-h-[27rem]"
    >
      <div aria-hidden="true" className="absolute inset-0">
        <canvas ref={canvas} className="size-full" />
      </div>
      <div
        aria-hidden="true"
        className={`pointer-events-none absolute inset-0 flex flex-col gap-1 ${isCounting ? COUNTING : RISING}`}
      >
        <p
          ref={number}
          data-testid="multiplier"
          hidden={isCounting}
          className={`text-6xl font-bold tracking-tight tabular-nums sm:text-8xl ${phase === 'crashed' ? 'text-[#fca5a5]' : ''}`}
        />
        {phase === 'crashed' && <Ending isInterrupted={round?.isInterrupted ?? false} />}
        {!isCounting && round?.mine && <Outcome mine={round.mine} />}
        {isCounting && <Countdown round={round} bettingMs={bettingMs} />}
      </div>
      <Away />
    </div>
  )
}

/** Nothing is heard now, so nothing moves: that is said where one looks. */
function Away() {
  const t = useText('crash')
  const { connection } = useStage()
  if (connection !== 'reconnecting') return null
  return (
    <p
      data-testid="away"
      className="absolute inset-0 grid place-items-center bg-black/70 p-6 text-center text-lg font-semibold text-balance"
    >
      {t('away')}
    </p>
  )
}

/** How the own bet ended. Readers are told by the narrator. */
function Outcome({ mine }: { mine: OwnBet }) {
  const t = useText('crash')
  const { money } = useFormats()
  const textOf = useMultiplierText()
  const { state, multiplier, payout, amount } = mine
  if (state === 'open') return null
  return (
    <p
      data-testid="outcome"
      data-state={state}
      className={`mt-1 self-start rounded-full px-4 py-1.5 text-sm font-semibold sm:text-base ${state === 'won' ? 'bg-gold text-on-medal' : 'bg-black/50'}`}
    >
      {state === 'won' && t('won', { multiplier: textOf(multiplier ?? 0), payout: money(payout, DECIMALS) })}
      {state === 'lost' && t('lost', { amount: money(amount, DECIMALS) })}
      {state === 'voided' && t('voided', { amount: money(amount, DECIMALS) })}
    </p>
  )
}

function Ending({ isInterrupted }: { isInterrupted: boolean }) {
  const t = useText('crash')
  return (
    <p data-testid="ending" className="text-xl font-semibold text-[#fca5a5] sm:text-2xl">
      {t(isInterrupted ? 'interrupted' : 'crashed')}
    </p>
  )
}

/** How long bets are still taken, as a number and as a bar that empties. */
function Countdown({ round, bettingMs }: { round: RoundState | null; bettingMs: number }) {
  const t = useText('crash')
  const text = useRef<HTMLSpanElement>(null)
  const bar = useRef<HTMLSpanElement>(null)
  const endsAtMs = round?.bettingEndsAtMs ?? null
  useFrames(() => {
    if (endsAtMs === null) return
    const leftMs = Math.max(0, endsAtMs - client.serverNowMs())
    if (text.current) text.current.textContent = (leftMs / SECOND_MS).toFixed(1)
    if (bar.current) bar.current.style.transform = `scaleX(${Math.min(1, leftMs / bettingMs)})`
  })
  if (endsAtMs === null) {
    return <p className="text-2xl font-semibold text-balance sm:text-3xl">{t(round ? 'waitingForBet' : 'sleeping')}</p>
  }
  return (
    <>
      <p className="text-xl font-semibold sm:text-2xl">{t('betsOpen')}</p>
      <p className="text-6xl font-bold tracking-tight tabular-nums sm:text-7xl">
        <span ref={text} data-testid="countdown" />
        <span className="ml-1 text-3xl">s</span>
      </p>
      <span className="mt-2 block h-2 w-56 overflow-hidden rounded-full bg-white/15">
        <span ref={bar} className="block h-full origin-left rounded-full bg-[#5eead4]" />
      </span>
    </>
  )
}

/** Runs `draw` in each frame, with the newest one. */
function useFrames(draw: () => void): void {
  const newest = useRef(draw)
  newest.current = draw
  useEffect(() => {
    let frame = requestAnimationFrame(function next() {
      newest.current()
      frame = requestAnimationFrame(next)
    })
    return () => cancelAnimationFrame(frame)
  }, [])
}

/** The text of an element that changes with each frame: React is not asked 60 times a second. */
export function useMultiplierFrames<T extends HTMLElement>(
  line: LobbyLine,
  textOf: (multiplier: number) => string,
): RefObject<T | null> {
  const element = useRef<T>(null)
  useFrames(() => {
    if (element.current) element.current.textContent = textOf(line.multiplier(performance.now()))
  })
  return element
}

interface Playing {
  readonly round: RoundState | null
  readonly textOf: (multiplier: number) => string
}

/** Draws a lobby's rounds on a canvas, and writes the multiplier, until the function that it gives is called. */
function play(canvas: HTMLCanvasElement, number: HTMLElement, line: LobbyLine, playing: () => Playing): () => void {
  const pen = canvas.getContext('2d')
  if (!pen) return () => undefined
  let size = { width: 0, height: 0 }
  const fit = new ResizeObserver(() => {
    size = { width: canvas.clientWidth, height: canvas.clientHeight }
    const ratio = Math.min(PIXEL_RATIO_MAX, window.devicePixelRatio)
    canvas.width = Math.round(size.width * ratio)
    canvas.height = Math.round(size.height * ratio)
    pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  })
  fit.observe(canvas)
  const crash = { roundId: '', atMs: Number.NEGATIVE_INFINITY }
  let wasRising = ''
  let frame = requestAnimationFrame(function next(frameMs) {
    const nowMs = momentOf(frameMs)
    const { round, textOf } = playing()
    const isCrashed = round?.phase === 'crashed'
    if (round?.phase === 'rising') wasRising = round.roundId
    // Who comes in after the crash has not seen it happen.
    if (isCrashed && wasRising === round.roundId && crash.roundId !== round.roundId) {
      crash.roundId = round.roundId
      crash.atMs = nowMs
    }
    const isBursting = isCrashed && crash.roundId === round.roundId && !wantsLessMotion()
    number.textContent = textOf(line.multiplier(nowMs))
    drawRound(pen, size.width, size.height, {
      elapsedMs: line.elapsedMs(nowMs),
      isCrashed,
      burstMs: isBursting ? nowMs - crash.atMs : undefined,
      marks: marksOf(round),
    })
    frame = requestAnimationFrame(next)
  })
  return () => {
    cancelAnimationFrame(frame)
    fit.disconnect()
  }
}

function marksOf(round: RoundState | null): Mark[] {
  const { mine } = round ?? {}
  if (!mine) return []
  if (mine.multiplier !== null) return [{ multiplier: mine.multiplier, isDone: true }]
  return mine.autoCashOut === null ? [] : [{ multiplier: mine.autoCashOut, isDone: false }]
}

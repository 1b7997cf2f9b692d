import { AIM_STEPS, FIELD_HEIGHT, FIELD_WIDTH, OBSTACLES, PICKUP } from '@meydan/games/arena'
import { useEffect, useRef } from 'react'
import { FIELD_COLOURS, seatColour } from '../colours.ts'
import { wantsLessMotion } from '../motion.ts'
import { usePreference } from '../preferences.ts'
import { Rehearsal, type Rehearsed } from './rehearsal.ts'
import { Scene } from './scene.tsx'

/** The field with bots at play; a picture of it for whoever wants pictures to stand still. */
export function LiveScene() {
  // Read here so that a change in the settings is seen at once.
  usePreference('motion')
  return wantsLessMotion() ? <Scene /> : <Moving />
}

function Moving() {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => (canvas.current ? play(canvas.current) : undefined), [])
  return (
    <div aria-hidden="true">
      <canvas ref={canvas} data-testid="live-scene" className="aspect-16/9 w-full rounded-2xl bg-ground" />
    </div>
  )
}

/** Plays on a canvas while somebody can see it; gives what ends it. */
function play(canvas: HTMLCanvasElement): () => void {
  const pen = canvas.getContext('2d')
  if (!pen) return () => undefined
  const rehearsal = new Rehearsal(Date.now() >>> 0)
  let frame = 0
  let lastMs = performance.now()
  const draw = (nowMs: number): void => {
    rehearsal.run(nowMs - lastMs)
    lastMs = nowMs
    show(pen, rehearsal.scene())
    frame = requestAnimationFrame(draw)
  }
  const seen = new IntersectionObserver(([entry]) => {
    cancelAnimationFrame(frame)
    if (entry?.isIntersecting) frame = requestAnimationFrame(draw)
  })
  const fit = new ResizeObserver(() => {
    const width = Math.round(canvas.clientWidth * Math.min(2, window.devicePixelRatio))
    canvas.width = width
    canvas.height = Math.round((width * FIELD_HEIGHT) / FIELD_WIDTH)
    show(pen, rehearsal.scene())
  })
  seen.observe(canvas)
  fit.observe(canvas)
  return () => {
    seen.disconnect()
    fit.disconnect()
    cancelAnimationFrame(frame)
  }
}

const PICKUP_COLOURS: Readonly<Record<number, string>> = {
  [PICKUP.medkit]: FIELD_COLOURS.medkit,
  [PICKUP.shells]: FIELD_COLOURS.shells,
  [PICKUP.haste]: FIELD_COLOURS.haste,
}
const TURN = 2 * Math.PI
/** Larger than in the game: the picture is smaller. */
const GROWN = 1.6

function show(pen: CanvasRenderingContext2D, { avatars, shots, pickups }: Rehearsed): void {
  const scale = pen.canvas.width / FIELD_WIDTH
  pen.setTransform(scale, 0, 0, scale, 0, 0)
  pen.clearRect(0, 0, FIELD_WIDTH, FIELD_HEIGHT)
  pen.fillStyle = FIELD_COLOURS.wall
  for (const { x, y, width, height } of OBSTACLES) fillRound(pen, x, y, width, height, 8)
  for (const { kind, x, y } of pickups) {
    pen.fillStyle = PICKUP_COLOURS[kind] ?? FIELD_COLOURS.shells
    fillRound(pen, x - 14, y - 14, 28, 28, 8)
  }
  for (const { seat, x, y } of shots) {
    pen.fillStyle = seatColour(seat)
    fillCircle(pen, x, y, 7)
  }
  for (const { seat, x, y, aim, isShielded } of avatars) {
    pen.setTransform(scale, 0, 0, scale, x * scale, y * scale)
    pen.rotate((aim / AIM_STEPS) * TURN)
    pen.scale(GROWN, GROWN)
    pen.fillStyle = seatColour(seat)
    fillRound(pen, 8, -6, 24, 12, 5)
    fillCircle(pen, 0, 0, 18)
    if (!isShielded) continue
    pen.strokeStyle = FIELD_COLOURS.shield
    pen.lineWidth = 3
    pen.beginPath()
    pen.arc(0, 0, 24, 0, TURN)
    pen.stroke()
  }
}

function fillCircle(pen: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  pen.beginPath()
  pen.arc(x, y, radius, 0, TURN)
  pen.fill()
}

function fillRound(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): void {
  pen.beginPath()
  pen.roundRect(x, y, width, height, radius)
  pen.fill()
}

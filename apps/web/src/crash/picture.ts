import { multiplierAt, reachedAtMs } from '@meydan/games/crash'
import { type Axes, axesFor, type Box, gridLines, placeIn } from './axes.ts'

/** The picture is dark in both themes, as the arena's field is, so that what moves on it is what is bright. */
const COLOURS = {
  grid: '#33423d',
  label: '#a9b8b2',
  rising: '#5eead4',
  fill: '94, 234, 212',
  crashed: '#f87171',
  crashedFill: '248, 113, 113',
  mark: '#f2c14e',
  markText: '#22190c',
} as const

const FONT = '600 12px ui-sans-serif, system-ui, sans-serif'
const LINE_PX = 4
/** Room for the labels. */
const MARGIN = { left: 46, right: 18, top: 18, bottom: 26 } as const
const POINTS = 96
const SECOND_MS = 1_000
/** The finest line of the multiplier. */
const GROWTH_UNIT = 0.2
const HUNDREDTHS = 100
const BURST_MS = 900
const SHAKE_MS = 350
const SHAKE_PX = 7
const SPARKS = 26

/** A bet that was, or will be, cashed out there. */
export interface Mark {
  readonly multiplier: number
  readonly isDone: boolean
}

export interface Drawn {
  readonly elapsedMs: number
  readonly isCrashed: boolean
  /** Since the crash was told, ms; undefined: nothing is to burst. */
  readonly burstMs: number | undefined
  readonly marks: readonly Mark[]
}

/** Draws a round on a canvas of so many CSS pixels, to which `pen` is scaled. */
export function drawRound(pen: CanvasRenderingContext2D, width: number, height: number, drawn: Drawn): void {
  const { elapsedMs, isCrashed, burstMs, marks } = drawn
  pen.clearRect(0, 0, width, height)
  const box: Box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom }
  const axes = axesFor(elapsedMs, growthOf(elapsedMs))
  pen.save()
  if (burstMs !== undefined) pen.translate(shakeAt(burstMs), 0)
  drawGrid(pen, box, axes)
  if (elapsedMs > 0 || isCrashed) {
    drawCurve(pen, box, axes, elapsedMs, isCrashed)
    drawTip(pen, placeIn(box, axes, elapsedMs, growthOf(elapsedMs)), isCrashed, burstMs)
  }
  for (const mark of marks) drawMark(pen, box, axes, mark)
  pen.restore()
}

/** Exact to a ten-thousandth, so that the curve has no steps: `multiplierAt` gives whole hundredths. */
function growthOf(elapsedMs: number): number {
  const [fromMs, toMs] = [reachedAtMs(multiplierAt(elapsedMs)), reachedAtMs(multiplierAt(elapsedMs) + 1)]
  return (multiplierAt(elapsedMs) + (elapsedMs - fromMs) / Math.max(1, toMs - fromMs)) / HUNDREDTHS
}

function drawGrid(pen: CanvasRenderingContext2D, box: Box, axes: Axes): void {
  pen.font = FONT
  pen.lineWidth = 1
  pen.strokeStyle = COLOURS.grid
  pen.fillStyle = COLOURS.label
  pen.textBaseline = 'middle'
  pen.textAlign = 'right'
  for (const { value, strength } of gridLines(1, axes.top, GROWTH_UNIT)) {
    const { y } = placeIn(box, axes, 0, value)
    pen.globalAlpha = strength
    drawLine(pen, box.left, y, box.right, y)
    pen.fillText(`${Number(value.toFixed(1))}×`, box.left - 8, y)
  }
  pen.textAlign = 'center'
  for (const { value, strength } of gridLines(0, axes.spanMs, SECOND_MS)) {
    const { x } = placeIn(box, axes, value, 1)
    pen.globalAlpha = strength
    if (value > 0) pen.fillText(`${Math.round(value / SECOND_MS)} s`, x, box.bottom + 15)
  }
  pen.globalAlpha = 1
}

function drawCurve(pen: CanvasRenderingContext2D, box: Box, axes: Axes, elapsedMs: number, isCrashed: boolean): void {
  const path = new Path2D()
  for (let point = 0; point <= POINTS; point++) {
    const atMs = (elapsedMs * point) / POINTS
    const { x, y } = placeIn(box, axes, atMs, growthOf(atMs))
    path.lineTo(x, y)
  }
  const tip = placeIn(box, axes, elapsedMs, growthOf(elapsedMs))
  const below = new Path2D(path)
  below.lineTo(tip.x, box.bottom)
  below.lineTo(box.left, box.bottom)
  const shade = pen.createLinearGradient(0, tip.y, 0, box.bottom)
  const rgb = isCrashed ? COLOURS.crashedFill : COLOURS.fill
  shade.addColorStop(0, `rgba(${rgb}, 0.32)`)
  shade.addColorStop(1, `rgba(${rgb}, 0.02)`)
  pen.fillStyle = shade
  pen.fill(below)
  pen.strokeStyle = isCrashed ? COLOURS.crashed : COLOURS.rising
  pen.lineWidth = LINE_PX
  pen.lineCap = 'round'
  pen.lineJoin = 'round'
  pen.stroke(path)
}

/** Where the own bet is cashed out: a line across while it is to come, a dot on the curve when it is done. */
function drawMark(pen: CanvasRenderingContext2D, box: Box, axes: Axes, { multiplier, isDone }: Mark): void {
  const { x, y } = placeIn(box, axes, reachedAtMs(multiplier), multiplier / HUNDREDTHS)
  if (y < box.top) return
  const text = `${(multiplier / HUNDREDTHS).toFixed(2)}×`
  pen.strokeStyle = COLOURS.mark
  pen.fillStyle = COLOURS.mark
  pen.lineWidth = 1.5
  if (isDone) fillCircle(pen, x, y, 7)
  else {
    pen.setLineDash([5, 5])
    drawLine(pen, box.left, y, box.right, y)
    pen.setLineDash([])
  }
  const width = pen.measureText(text).width + 14
  const left = isDone ? Math.max(box.left, x - width - 12) : box.right - width
  pen.beginPath()
  pen.roundRect(left, y - 11, width, 22, 8)
  pen.fill()
  pen.fillStyle = COLOURS.markText
  pen.textAlign = 'center'
  pen.fillText(text, left + width / 2, y + 0.5)
}

function drawTip(
  pen: CanvasRenderingContext2D,
  { x, y }: { x: number; y: number },
  isCrashed: boolean,
  burstMs: number | undefined,
): void {
  pen.fillStyle = isCrashed ? COLOURS.crashed : COLOURS.rising
  if (!isCrashed) {
    pen.globalAlpha = 0.25
    fillCircle(pen, x, y, 13)
    pen.globalAlpha = 1
  }
  fillCircle(pen, x, y, 6)
  if (burstMs === undefined || burstMs > BURST_MS) return
  const passed = burstMs / BURST_MS
  for (let spark = 0; spark < SPARKS; spark++) {
    const angle = (spark / SPARKS) * 2 * Math.PI
    // Quick at first, as what bursts is; every third one flies further.
    const reach = (1 - (1 - passed) ** 3) * (spark % 3 === 0 ? 92 : 54)
    pen.globalAlpha = 1 - passed
    fillCircle(pen, x + Math.cos(angle) * reach, y + Math.sin(angle) * reach + 40 * passed ** 2, 3.5 * (1 - passed))
  }
  pen.globalAlpha = 1
}

function shakeAt(burstMs: number): number {
  if (burstMs > SHAKE_MS) return 0
  return Math.sin(burstMs / 18) * SHAKE_PX * (1 - burstMs / SHAKE_MS)
}

function drawLine(pen: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number): void {
  pen.beginPath()
  pen.moveTo(fromX, fromY)
  pen.lineTo(toX, toY)
  pen.stroke()
}

function fillCircle(pen: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  pen.beginPath()
  pen.arc(x, y, Math.max(0, radius), 0, 2 * Math.PI)
  pen.fill()
}

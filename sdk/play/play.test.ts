import type { Foresight } from '@meydan/contracts/core'
import type { Joined } from '@meydan/contracts/socket'
import { describe, expect, test } from 'vitest'
import { Emitter } from '../emitter.ts'
import type { SnapshotEvent } from '../room.ts'
import { Play } from './play.ts'

const layouts = {
  input: { move: { min: -10, max: 10, step: 1 } },
  view: { dots: { x: { min: 0, max: 100_000, step: 1 } } },
} as const
const foresight: Foresight<{ x: number }, typeof layouts.input, typeof layouts.view> = {
  own: (view, seat) => view.dots.get(seat),
  step: ({ x }, { move }) => ({ x: x + move }),
  place: ({ x }) => [x],
  jumpsBeyond: 50,
}
const JOINED: Joined = {
  handle: 1,
  roomId: '1',
  game: 'dots',
  gameVersion: 1,
  seat: 0,
  tick: 0,
  tickMs: 15,
  sendEveryTicks: 2,
  eventSeq: -1,
  seats: [],
}
const LINK_MS = 40

/** A room whose server moves the other dot by one a tick, and a play that is told of it as the test likes. */
function playing() {
  const snapshots = new Emitter<[SnapshotEvent<typeof layouts.view>]>()
  let seq = 0
  const rejoins = new Emitter<[]>()
  const room = {
    joined: JOINED,
    isOpen: true,
    send: () => ++seq,
    onGrid: <T>(input: T): T => input,
    onSnapshot: snapshots.on,
    onRejoined: rejoins.on,
  }
  const play = new Play(room, foresight)
  const hear = (tick: number, receivedAtMs: number): void =>
    snapshots.emit({
      tick,
      inputSeq: seq,
      view: {
        dots: new Map([
          [0, { x: 0 }],
          [1, { x: tick }],
        ]),
      },
      receivedAtMs,
    })
  const rejoin = (): void => {
    seq = 0
    rejoins.emit()
  }
  return { play, room, hear, rejoin, inputs: () => seq }
}

/** Where the other dot is drawn. */
function other(play: ReturnType<typeof playing>['play'], nowMs: number): number {
  const { others } = play.frame(nowMs)
  const from = others?.from.dots.get(1)?.x ?? Number.NaN
  const to = others?.to.dots.get(1)?.x ?? Number.NaN
  return from + (to - from) * (others?.part ?? 0)
}

describe('a page that was asleep for a minute', () => {
  test('A8 shows the present as soon as it is told of it, and makes up for no more than a moment of inputs', () => {
    const { play, hear, inputs } = playing()
    for (let tick = 2; tick <= 400; tick += 2) {
      const nowMs = tick * 15 + LINK_MS
      hear(tick, nowMs)
      play.step(nowMs, () => ({ move: 1 }))
    }
    const before = inputs()
    // A minute, in which a snapshot came each second, and nothing ran. Then all of them are told of at once.
    const wokeMs = 400 * 15 + LINK_MS + 60_000
    for (let tick = 466; tick <= 4_400; tick += 66) hear(tick, wokeMs)
    play.step(wokeMs, () => ({ move: 1 }))
    expect(inputs() - before).toBeLessThanOrEqual(8)
    const shown = other(play, wokeMs + 16)
    expect(shown).toBeGreaterThan(4_300)
    // Nothing of the minute is played back: from frame to frame it moves on as ever.
    let last = shown
    for (let tick = 4_402; tick <= 4_600; tick += 2) {
      const nowMs = tick * 15 + LINK_MS
      hear(tick, nowMs)
      const now = other(play, nowMs)
      expect(now).toBeGreaterThanOrEqual(last)
      last = now
    }
    expect(last).toBeGreaterThan(4_580)
  })
})

describe('a line that is cut', () => {
  test('A8 nothing moves while it is away, and when it is back the own seat is where the server has it', () => {
    const { play, room, hear, rejoin, inputs } = playing()
    const step = (tick: number): void => play.step(tick * 15 + LINK_MS, () => ({ move: 1 }))
    for (let tick = 2; tick <= 100; tick += 2) {
      hear(tick, tick * 15 + LINK_MS)
      step(tick)
    }
    room.isOpen = false
    const before = { inputs: inputs(), own: play.frame(101 * 15 + LINK_MS).own }
    for (let tick = 101; tick <= 300; tick++) step(tick)
    expect(inputs()).toBe(before.inputs)
    const stood = [200, 300].map((tick) => play.frame(tick * 15 + LINK_MS + 7))
    expect(stood.map(({ own }) => own)).toEqual([before.own, before.own])
    expect(stood[0]?.place).toEqual(stood[1]?.place)
    room.isOpen = true
    rejoin()
    hear(300, 300 * 15 + LINK_MS)
    expect(play.frame(300 * 15 + LINK_MS).own).toEqual({ x: 0 })
  })

  test('A8 a seat that is taken again at once does not go on with what it sent before', () => {
    const { play, hear, rejoin } = playing()
    const step = (tick: number): void => play.step(tick * 15 + LINK_MS, () => ({ move: 1 }))
    for (let tick = 2; tick <= 100; tick += 2) {
      hear(tick, tick * 15 + LINK_MS)
      step(tick)
    }
    for (let tick = 101; tick <= 108; tick++) step(tick)
    rejoin()
    hear(104, 108 * 15 + LINK_MS)
    expect(play.frame(108 * 15 + LINK_MS).own).toEqual({ x: 0 })
  })
})

import { describe, expect, test } from 'vitest'
import { LEVEL_MAX, Throttle } from './throttle.ts'

const EVERY_MS = 30

/** A link of this delay that carries so many of the things sent each second; what is beyond that waits. Gives how long the last one took. */
class Line {
  readonly throttle = new Throttle()
  nowMs = 0
  tookMs = 0
  mostMs = 0
  delayMs = 50
  perS = Number.POSITIVE_INFINITY
  #freeMs = 0
  #underWay: { sentMs: number; atMs: number }[] = []
  #turn = 0

  run(ms: number, late: (sentMs: number) => number = () => 0): void {
    this.mostMs = 0
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; this.nowMs += EVERY_MS) {
      for (let first = this.#underWay[0]; first && first.atMs <= this.nowMs; first = this.#underWay[0]) {
        this.#underWay.shift()
        this.tookMs = this.nowMs - first.sentMs
        this.mostMs = Math.max(this.mostMs, this.tookMs)
        this.throttle.add(this.tookMs, this.nowMs)
      }
      if (this.#turn++ % 2 ** this.throttle.level !== 0) continue
      this.#freeMs = Math.max(this.#freeMs, this.nowMs) + 1_000 / this.perS
      this.#underWay.push({ sentMs: this.nowMs, atMs: this.#freeMs + this.delayMs + late(this.nowMs) })
    }
  }
}

describe('how often to send', () => {
  test('B17 always, over a link that keeps up, however long it is', () => {
    const line = new Line()
    line.delayMs = 400
    line.run(20_000)
    expect(line.throttle.level).toBe(0)
  })

  test('B17 always, over one where TCP sends a lost segment again now and then, and all behind it wait', () => {
    const line = new Line()
    // A third of a second in each second comes late, all of it at its end.
    for (let second = 0; second < 30; second++) {
      line.run(1_000, (sentMs) => Math.max(0, 350 - (sentMs % 1_000)))
      expect(line.throttle.level).toBe(0)
    }
  })

  test('B17 always, once a link that was away is back: what it held up says nothing of what it carries', () => {
    const line = new Line()
    line.run(3_000)
    // Of what was sent meanwhile one thing came in a second, each of them late.
    for (let second = 0; second < 4; second++) {
      line.nowMs += 1_000
      line.throttle.add(1_000 + second * 900, line.nowMs)
    }
    line.run(2_000)
    expect(line.throttle.level).toBe(0)
  })

  test('B17 as often as a narrow link carries, with little in line and a try for more now and then', () => {
    const line = new Line()
    line.perS = 10
    // What was sent before anything was known takes its time.
    line.run(16_000)
    const levels = new Set<number>()
    const mostMs: number[] = []
    for (let second = 0; second < 120; second++) {
      line.run(1_000)
      levels.add(line.throttle.level)
      mostMs.push(line.mostMs)
    }
    expect(levels).toContain(1)
    expect(levels).not.toContain(0)
    expect(mostMs.toSorted((a, b) => a - b)[60]).toBeLessThan(350)
    expect(Math.max(...mostMs)).toBeLessThan(1_000)
  })

  test('B17 as before, once a narrow link is wide again, or a long one has become the usual', () => {
    const line = new Line()
    line.run(3_000)
    line.perS = 10
    line.run(20_000)
    line.perS = Number.POSITIVE_INFINITY
    line.run(40_000)
    expect(line.throttle.level).toBe(0)
    line.delayMs = 450
    line.run(4_000)
    expect(line.throttle.level).toBeGreaterThan(0)
    expect(line.throttle.level).toBeLessThanOrEqual(LEVEL_MAX)
    line.run(20_000)
    expect(line.throttle.level).toBe(0)
  })
})

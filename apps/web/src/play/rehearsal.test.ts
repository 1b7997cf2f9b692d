import { expect, test } from 'vitest'
import { Rehearsal } from './rehearsal.ts'

const FRAME_MS = 16
const MINUTES_4 = (4 * 60_000) / FRAME_MS

test('A6 the match on the first page plays on by itself, from one match into the next', () => {
  const rehearsal = new Rehearsal(7)
  const seen = new Set<string>()
  let shots = 0
  for (let frame = 0; frame < MINUTES_4; frame++) {
    rehearsal.run(FRAME_MS)
    const scene = rehearsal.scene()
    shots += scene.shots.length
    for (const { seat, x, y } of scene.avatars) seen.add(`${seat} ${Math.round(x / 100)} ${Math.round(y / 100)}`)
  }
  expect(shots).toBeGreaterThan(1_000)
  for (const seat of [0, 1, 2, 3]) {
    const places = [...seen].filter((place) => place.startsWith(`${seat} `))
    expect(places.length).toBeGreaterThan(20)
  }
})

test('A6 a page that was away for a minute does not play the minute', () => {
  const [away, short] = [new Rehearsal(7), new Rehearsal(7)]
  away.run(60_000)
  short.run(120)
  expect(away.scene()).toEqual(short.scene())
})

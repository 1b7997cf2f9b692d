import type { Id } from '@meydan/contracts/core'
import type { Period } from '@meydan/contracts/leaderboards'
import { startOf } from '../rules.ts'

/** A finished match, as far as boards are concerned. Points are tenths, so that the model adds whole numbers. */
export interface Finished {
  readonly game: string
  readonly endedAtMs: number
  readonly people: readonly { readonly playerId: Id; readonly tenths: number }[]
}

/** What the boards must show: every match that counts, added up anew for each question. */
export class BoardModel {
  readonly #matches: Finished[] = []
  readonly #forgotten = new Set<Id>()

  /** Whoever has deleted the account by now has no part in it. */
  finish(match: Finished): void {
    this.#matches.push({ ...match, people: match.people.filter(({ playerId }) => !this.#forgotten.has(playerId)) })
  }

  forget(playerId: Id): void {
    this.#forgotten.add(playerId)
  }

  /** The board's lines from the top down. */
  lines(game: string, period: Period, nowMs: number): { playerId: Id; score: number }[] {
    const startsOn = startOf(period, nowMs)
    const totals = new Map<Id, { tenths: number; reachedMs: number }>()
    for (const match of this.#matches) {
      if (match.game !== game || startOf(period, match.endedAtMs) !== startsOn) continue
      for (const { playerId, tenths } of match.people) {
        const total = totals.get(playerId) ?? { tenths: 0, reachedMs: Date.parse(startsOn) }
        const reachedMs = tenths === 0 ? total.reachedMs : Math.max(total.reachedMs, match.endedAtMs)
        totals.set(playerId, { tenths: total.tenths + tenths, reachedMs })
      }
    }
    return [...totals]
      .filter(([playerId]) => !this.#forgotten.has(playerId))
      .toSorted(([oneId, one], [otherId, other]) => {
        if (one.tenths !== other.tenths) return other.tenths - one.tenths
        return one.reachedMs - other.reachedMs || Number(oneId) - Number(otherId)
      })
      .map(([playerId, { tenths }]) => ({ playerId, score: tenths / 10 }))
  }
}

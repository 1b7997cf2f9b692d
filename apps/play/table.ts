import { latenessP99Ms } from './lateness.ts'
import type { Player, Stage } from './player.ts'

/** Draws the live table: one line for each second, with rates since the line before. */
export class Table {
  readonly #players: readonly Player[]
  readonly #startedMs = performance.now()
  #last = { ms: this.#startedMs, snapshots: 0, bytes: 0 }

  constructor(players: readonly Player[]) {
    this.#players = players
  }

  /** `metrics`: what `/metrics` says now, and said before the first player; undefined: it could not be read. */
  line(metrics: string | undefined, before: string): string {
    const players = this.#players
    const now = {
      ms: performance.now(),
      snapshots: sum(players, ({ snapshots }) => snapshots),
      bytes: sum(players, ({ client }) => client.bytesReceived),
    }
    const perS = (value: number): number => value / ((now.ms - this.#last.ms) / 1_000)
    const connected = players.filter(({ client }) => client.state === 'open')
    const rtts = connected.map(({ client }) => client.rttMs)
    const count = (stage: Stage): number => players.filter((player) => player.stage === stage).length
    const text = [
      `${((now.ms - this.#startedMs) / 1_000).toFixed(0).padStart(4)} s`,
      this.#stages(),
      `${perS(now.snapshots - this.#last.snapshots)
        .toFixed(0)
        .padStart(5)} snapshots/s`,
      `${(perS(now.bytes - this.#last.bytes) / Math.max(1, connected.length)).toFixed(0).padStart(5)} B/s each`,
      `rtt p50 ${quantile(rtts, 0.5).toFixed(1)} p99 ${quantile(rtts, 0.99).toFixed(1)} ms`,
      `lateness p99 ${latenessText(metrics, before)}`,
      `${count('failed')} errors`,
      `${players.filter(({ result }) => result).length} results`,
    ].join('  ')
    this.#last = now
    return text
  }

  #stages(): string {
    const tally = new Map<Stage, number>()
    for (const { stage } of this.#players) tally.set(stage, (tally.get(stage) ?? 0) + 1)
    return [...tally]
      .map(([stage, number]) => `${number} ${stage}`)
      .join(', ')
      .padEnd(24)
  }
}

/** `≤ 2 ms`: the upper bound of the bucket in which the 99th of 100 ticks falls. */
export function latenessText(metrics: string | undefined, before: string): string {
  const ms = metrics === undefined ? undefined : latenessP99Ms(metrics, before)
  return ms === undefined ? '–' : `≤ ${ms} ms`
}

/** One line for each match that ended: who won, and who was there. */
export function resultLines(players: readonly Player[]): string[] {
  const matches = new Map(players.flatMap(({ result }) => (result ? [[result.matchId, result]] : [])))
  return [...matches.values()].map(({ matchId, reason, placings }) => {
    const winners = placings.filter(({ rank }) => rank === 1).map(({ name, score }) => `${name} (${score})`)
    const bots = placings.filter(({ bot }) => bot).length
    return `match ${matchId}  ${reason}  won by ${winners.join(' and ')}  ${placings.length - bots} players, ${bots} bots`
  })
}

function sum(players: readonly Player[], of: (player: Player) => number): number {
  return players.reduce((total, player) => total + of(player), 0)
}

function quantile(numbers: readonly number[], part: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))] ?? 0
}

import type { Id, Timestamp } from '@meydan/contracts/core'
import { type Audience, type Level, REWARD_AMOUNT_MAX, type Reward, type Streak } from '@meydan/contracts/rewards'
import { firstIdAt } from '@meydan/kernel/ids'
import { DAILY, MATCH } from './tables.ts'

export const LEVEL_MAX = 100
/** Points from level n to the next are n times this. */
const STEP = 100
/** Of a player at most: beyond it JSON numbers are not exact. */
export const EXPERIENCE_MAX = Number.MAX_SAFE_INTEGER
const DAY_MS = 24 * 60 * 60 * 1_000

/** Experience at which a level begins: 100 points from level 1 to 2, 200 from 2 to 3 …, so 50 · n · (n − 1). */
export function experienceAt(level: number): number {
  return (STEP / 2) * level * (level - 1)
}

/** The level of so much experience: the formula above solved for n. */
export function levelOf(experience: number): number {
  const level = Math.floor((1 + Math.sqrt(1 + (8 * experience) / STEP)) / 2)
  return Math.min(level, LEVEL_MAX)
}

export function levelView(experience: number): Level {
  const level = levelOf(experience)
  const levelTo = level === LEVEL_MAX ? null : experienceAt(level + 1)
  return { level, experience, levelFrom: experienceAt(level), levelTo }
}

/** What an amount of experience comes to. Of several boosters the strongest counts; parts of points are not given. */
export function boosted(amount: number, factors: readonly number[], experience: number): number {
  const gained = Math.floor(amount * Math.max(1, ...factors))
  return Math.min(gained, REWARD_AMOUNT_MAX, EXPERIENCE_MAX - experience)
}

/** The day (UTC) of a moment, as SQL writes it. */
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

/** Days in a row and the last of them, as they were stored. */
export interface Claimed {
  readonly days: number
  readonly on: string | null
}

/** Days in a row as they stand at a moment: none once a day was missed. A clock that went back misses none. */
export function daysInRow({ days, on }: Claimed, nowMs: number): number {
  return on !== null && on >= dayOf(nowMs - DAY_MS) ? days : 0
}

export const isClaimed = ({ on }: Claimed, nowMs: number): boolean => on !== null && on >= dayOf(nowMs)

/** What the so-manieth day in a row gives, or the so-manieth of a match gets; from 1. */
const lineOf = (table: typeof DAILY, place: number): readonly Reward[] =>
  table[Math.min(place, table.length) - 1] ?? table[0]

export const dailyRewards = (day: number): readonly Reward[] => lineOf(DAILY, day)
export const matchRewards = (rank: number): readonly Reward[] => lineOf(MATCH, rank)

export function streakView(claimed: Claimed, nowMs: number): Streak {
  const days = daysInRow(claimed, nowMs)
  const claimedToday = isClaimed(claimed, nowMs)
  const midnightMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS
  return {
    days,
    claimedToday,
    rewards: [...dailyRewards(days + 1)],
    nextAt: new Date(claimedToday ? midnightMs : nowMs).toISOString(),
  }
}

/** Whom a campaign is for: ids and experience from, up to but without until, and of those named if any are. */
export interface Reach {
  readonly playerIds: readonly Id[] | null
  readonly idFrom: bigint
  readonly idUntil: bigint
  readonly experienceFrom: number
  readonly experienceUntil: number
}

/** Ids are ordered by time: who joined when is said by them, and who joins while `campaignId` is being sent comes after it. */
export function reachOf(audience: Audience, campaignId: Id): Reach {
  const all = { idFrom: 1n, idUntil: BigInt(campaignId), experienceFrom: 0, experienceUntil: EXPERIENCE_END }
  if ('playerIds' in audience) return { playerIds: [...new Set(audience.playerIds)], ...all, idUntil: ID_END }
  if ('everybody' in audience) return { playerIds: null, ...all }
  const { levelMin = 1, levelMax = LEVEL_MAX, joinedAfter, joinedBefore } = audience
  const joined = (at: Timestamp) => firstIdAt(Date.parse(at))
  return {
    playerIds: null,
    idFrom: joinedAfter === undefined ? all.idFrom : joined(joinedAfter),
    idUntil: least(all.idUntil, joinedBefore === undefined ? all.idUntil : joined(joinedBefore)),
    experienceFrom: startOf(levelMin),
    experienceUntil: startOf(levelMax + 1),
  }
}

/** The last level ends where experience does. */
const startOf = (level: number): number => (level > LEVEL_MAX ? EXPERIENCE_END : experienceAt(level))
const EXPERIENCE_END = EXPERIENCE_MAX + 1
const ID_END = 9_223_372_036_854_775_807n
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

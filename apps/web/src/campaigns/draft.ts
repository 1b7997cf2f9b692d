import type { Audience, Reward, RewardKind } from '@meydan/contracts/rewards'

export const REACHES = ['everybody', 'segment', 'players'] as const
export type Reach = (typeof REACHES)[number]

export interface RewardLine {
  /** Of the line, for as long as the form is open. */
  readonly key: number
  readonly type: string
  /** As it was typed: whole coins of a currency, pieces or minutes of the rest. */
  readonly amount: string
}

/** What an admin has filled in so far, as it was typed. */
export interface Draft {
  readonly title: string
  readonly text: string
  readonly rewards: readonly RewardLine[]
  readonly days: string
  readonly reach: Reach
  readonly levelMin: string
  readonly levelMax: string
  /** `2026-01-31`, the beginning of that day (UTC). */
  readonly joinedAfter: string
  readonly joinedBefore: string
  readonly playerIds: string
}

export const BLANK: Draft = {
  title: '',
  text: '',
  rewards: [],
  days: '30',
  reach: 'everybody',
  levelMin: '',
  levelMax: '',
  joinedAfter: '',
  joinedBefore: '',
  playerIds: '',
}

/** What is asked of the server, but for its key. */
export interface Asked {
  readonly title: string
  readonly text: string
  readonly rewards: Reward[]
  readonly to: Audience
  readonly expiresInMs: number
}

/** Fields that do not say what they should. */
export type Problem = 'title' | 'text' | 'days' | 'levelMin' | 'levelMax' | 'segment' | 'playerIds' | `amount-${number}`

export interface Currencies {
  readonly kindOf: (type: string) => RewardKind | undefined
  readonly decimalsOf: (currency: string) => number
}

const DAY_MS = 86_400_000
const TITLE_MAX = 100
const TEXT_MAX = 2_000
const DAYS_MAX = 365
const PLAYERS_MAX = 1_000
const AMOUNT_MAX = 1_000_000_000

/** The campaign that was filled in, or what is wrong with it. */
export function read(draft: Draft, currencies: Currencies): { asked: Asked } | { problems: ReadonlySet<Problem> } {
  const problems = new Set<Problem>()
  const check = (isRight: boolean, problem: Problem): void => {
    if (!isRight) problems.add(problem)
  }
  const title = draft.title.trim()
  const days = wholeOf(draft.days)
  const rewards = draft.rewards.map(({ key, type, amount }) => {
    const decimals = currencies.kindOf(type) === 'currency' ? currencies.decimalsOf(type) : 0
    const minor = minorOf(amount, decimals)
    check(minor >= 1 && minor <= AMOUNT_MAX, `amount-${key}`)
    return { type, amount: minor }
  })
  check(title !== '' && [...title].length <= TITLE_MAX, 'title')
  check([...draft.text.trim()].length <= TEXT_MAX, 'text')
  check(days >= 1 && days <= DAYS_MAX, 'days')
  const to = audienceOf(draft, check)
  if (problems.size > 0) return { problems }
  return { asked: { title, text: draft.text.trim(), rewards, to, expiresInMs: days * DAY_MS } }
}

type Check = (isRight: boolean, problem: Problem) => void

function audienceOf(draft: Draft, check: Check): Audience {
  if (draft.reach === 'everybody') return { everybody: true }
  if (draft.reach === 'players') {
    const playerIds = draft.playerIds.split(/[\s,]+/).filter(Boolean)
    check(playerIds.length >= 1 && playerIds.length <= PLAYERS_MAX && playerIds.every(isId), 'playerIds')
    return { playerIds }
  }
  const segment = {
    ...(draft.levelMin !== '' && { levelMin: wholeOf(draft.levelMin) }),
    ...(draft.levelMax !== '' && { levelMax: wholeOf(draft.levelMax) }),
    ...(draft.joinedAfter !== '' && { joinedAfter: `${draft.joinedAfter}T00:00:00Z` }),
    ...(draft.joinedBefore !== '' && { joinedBefore: `${draft.joinedBefore}T00:00:00Z` }),
  }
  const { levelMin = 1, levelMax = levelMin } = segment
  check(levelMin >= 1, 'levelMin')
  check(levelMax >= levelMin, 'levelMax')
  // What was forgotten must not mean everybody.
  check(Object.keys(segment).length > 0, 'segment')
  return segment
}

const isId = (text: string): boolean => /^[1-9]\d{0,18}$/.test(text)

/** NaN for what is no whole number. */
const wholeOf = (text: string): number => (/^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN)

/** Minor units of an amount such as `12.5`, also with a comma; NaN for what is none, or finer than the currency. */
export function minorOf(text: string, decimals: number): number {
  const [, whole, fraction = ''] = /^\s*(\d{1,12})(?:[.,](\d+))?\s*$/.exec(text) ?? []
  if (whole === undefined || fraction.length > decimals) return Number.NaN
  return Number(whole + fraction.padEnd(decimals, '0'))
}

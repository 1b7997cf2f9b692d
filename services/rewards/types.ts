import { type Reward, type RewardKind, RewardType, rewardsErrors } from '@meydan/contracts/rewards'
import { OperatorError } from '@meydan/kernel/config'
import { DAILY, MATCH } from './tables.ts'

export interface RewardSpec {
  readonly kind: RewardKind
  /** Of a booster: by how much it multiplies experience. */
  readonly factor: number | null
}
export type RewardTypes = ReadonlyMap<string, RewardSpec>

const FACTOR_MAX = 10
const TYPES_MAX = 1_000
const ENTRY = /^(?<type>[^=]*)=(?:(?<kind>currency|experience|item)|booster:(?<factor>\d+(?:\.\d+)?))$/

/** Reads `coins=currency,xp=experience,chest=item,double-xp=booster:2`. Throws a RangeError that says what is wrong. */
export function parseRewardTypes(text: string): RewardTypes {
  const types = new Map<string, RewardSpec>()
  for (const entry of text.split(',').map((part) => part.trim())) {
    const { type = '', kind, factor } = ENTRY.exec(entry)?.groups ?? {}
    if (!RewardType.safeParse(type).success) {
      throw new RangeError(
        `'${entry}' should look like coins=currency, xp=experience, chest=item or double-xp=booster:2`,
      )
    }
    if (types.has(type)) throw new RangeError(`'${type}' is named twice`)
    types.set(type, factor === undefined ? { kind: kindOf(kind), factor: null } : boosterOf(entry, Number(factor)))
  }
  if (types.size > TYPES_MAX) throw new RangeError(`there may be ${TYPES_MAX} types at most`)
  return types
}

const kindOf = (kind: string | undefined): RewardKind => (kind === 'currency' || kind === 'experience' ? kind : 'item')

function boosterOf(entry: string, factor: number): RewardSpec {
  if (!(factor > 1 && factor <= FACTOR_MAX)) {
    throw new RangeError(`'${entry}': a booster's factor is more than 1 and at most ${FACTOR_MAX}`)
  }
  return { kind: 'booster', factor }
}

/** Throws an OperatorError when a currency is none of the wallet's, or the platform's own rewards are of a type that is not there. */
export function checkRewardTypes(types: RewardTypes, currencies: ReadonlySet<string>): void {
  for (const [type, { kind }] of types) {
    if (kind === 'currency' && !currencies.has(type)) {
      const known = [...currencies].join(', ')
      throw new OperatorError(`MEYDAN_REWARD_TYPES: ${type} is no currency of the wallet; there are ${known}.`)
    }
  }
  const missing = [...DAILY, ...MATCH].flat().find(({ type }) => !types.has(type))
  if (missing) {
    throw new OperatorError(
      `MEYDAN_REWARD_TYPES: ${missing.type} is given by services/rewards/tables.ts: name it, or change the tables.`,
    )
  }
}

/** Throws UNKNOWN_TYPE with the field that names it. */
export function specOf(types: RewardTypes, { type }: Reward, field: string): RewardSpec {
  const spec = types.get(type)
  if (!spec) throw rewardsErrors.UNKNOWN_TYPE({ details: { field, type } })
  return spec
}

import { useId } from 'react'
import { useText } from '../i18n/i18n.ts'
import type { Facts } from '../rewards/words.ts'
import { nameOf } from '../rewards/words.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import type { Problem, RewardLine } from './draft.ts'

/** Of one message at most. */
const LINES_MAX = 10

interface RewardLinesProps {
  readonly lines: readonly RewardLine[]
  readonly facts: Facts
  readonly problems: ReadonlySet<Problem>
  readonly onLines: (lines: readonly RewardLine[]) => void
}

/** What comes with the message: a type and an amount on each line. */
export function RewardLines({ lines, facts, problems, onLines }: RewardLinesProps) {
  const t = useText('campaigns')
  const [first] = facts.types
  const add = (): void => {
    if (first) onLines([...lines, { key: (lines.at(-1)?.key ?? 0) + 1, type: first.type, amount: '1' }])
  }
  const change = (key: number, part: Partial<RewardLine>): void =>
    onLines(lines.map((line) => (line.key === key ? { ...line, ...part } : line)))
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 text-sm text-soft">{t('rewards')}</legend>
      {lines.map((line) => (
        <Line
          key={line.key}
          line={line}
          facts={facts}
          isWrong={problems.has(`amount-${line.key}`)}
          onChange={(part) => change(line.key, part)}
          onRemove={() => onLines(lines.filter(({ key }) => key !== line.key))}
        />
      ))}
      {lines.length < LINES_MAX && first && (
        <Button look="quiet" size="small" className="self-start" data-testid="add-reward" onClick={add}>
          <Icon name="plus" />
          {t('addReward')}
        </Button>
      )}
    </fieldset>
  )
}

interface LineProps {
  readonly line: RewardLine
  readonly facts: Facts
  readonly isWrong: boolean
  readonly onChange: (part: Partial<RewardLine>) => void
  readonly onRemove: () => void
}

function Line({ line, facts, isWrong, onChange, onRemove }: LineProps) {
  const t = useText('campaigns')
  const id = useId()
  const kind = facts.types.find(({ type }) => type === line.type)?.kind ?? 'item'
  return (
    <div data-testid="reward-line" className="grid grid-cols-[1fr_1fr_auto] items-start gap-2">
      <div className="flex flex-col gap-1.5">
        <label htmlFor={id} className="text-sm text-soft">
          {t('type')}
        </label>
        <select
          id={id}
          data-testid="reward-type"
          value={line.type}
          onChange={(event) => onChange({ type: event.target.value })}
          className="min-h-12 w-full rounded-xl border border-edge bg-card px-3"
        >
          {facts.types.map(({ type }) => (
            <option key={type} value={type}>
              {nameOf(type)}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={t(`amount-${kind}`)}
        data-testid="reward-amount"
        inputMode="decimal"
        value={line.amount}
        error={isWrong ? t('wrongAmount') : undefined}
        onValue={(amount) => onChange({ amount })}
      />
      <button
        type="button"
        aria-label={t('removeReward')}
        onClick={onRemove}
        className="mt-6.5 grid size-12 cursor-pointer place-items-center rounded-xl text-soft hover:text-ink"
      >
        <Icon name="close" />
      </button>
    </div>
  )
}

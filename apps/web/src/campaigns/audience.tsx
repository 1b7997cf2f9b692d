import { LabelledChoice } from '../community/labelled-choice.tsx'
import { useText } from '../i18n/i18n.ts'
import { Field } from '../ui/field.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { type Draft, type Problem, REACHES } from './draft.ts'

interface AudienceProps {
  readonly draft: Draft
  readonly problems: ReadonlySet<Problem>
  readonly onChange: (part: Partial<Draft>) => void
}

/** Who gets it. */
export function AudienceFields({ draft, problems, onChange }: AudienceProps) {
  const t = useText('campaigns')
  return (
    <>
      <LabelledChoice
        label={t('to')}
        value={draft.reach}
        choices={REACHES.map((value) => ({ value, text: t(`to-${value}`) }))}
        onChoose={(reach) => onChange({ reach })}
      />
      {draft.reach === 'players' && (
        <TextArea
          label={t('playerIds')}
          hint={t('playerIdsHint')}
          error={problems.has('playerIds') ? t('wrongPlayers') : undefined}
          testId="player-ids"
          value={draft.playerIds}
          onValue={(playerIds) => onChange({ playerIds })}
        />
      )}
      {draft.reach === 'segment' && <Segment draft={draft} problems={problems} onChange={onChange} />}
    </>
  )
}

function Segment({ draft, problems, onChange }: AudienceProps) {
  const t = useText('campaigns')
  const wrongLevel = (problem: 'levelMin' | 'levelMax'): string | undefined =>
    problems.has(problem) ? t('wrongLevel') : undefined
  return (
    <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
      <Field
        label={t('levelMin')}
        inputMode="numeric"
        data-testid="level-min"
        value={draft.levelMin}
        error={wrongLevel('levelMin')}
        onValue={(levelMin) => onChange({ levelMin })}
      />
      <Field
        label={t('levelMax')}
        inputMode="numeric"
        data-testid="level-max"
        value={draft.levelMax}
        error={wrongLevel('levelMax')}
        onValue={(levelMax) => onChange({ levelMax })}
      />
      <Field
        type="date"
        label={t('joinedAfter')}
        value={draft.joinedAfter}
        onValue={(joinedAfter) => onChange({ joinedAfter })}
      />
      <Field
        type="date"
        label={t('joinedBefore')}
        value={draft.joinedBefore}
        onValue={(joinedBefore) => onChange({ joinedBefore })}
      />
      {problems.has('segment') && (
        <p data-testid="field-error" className="text-sm text-warn sm:col-span-2">
          {t('wrongSegment')}
        </p>
      )}
    </div>
  )
}

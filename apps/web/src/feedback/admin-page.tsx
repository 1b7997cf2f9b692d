import { FEEDBACK_KINDS, FEEDBACK_STATES, type FeedbackEntry, FeedbackKind } from '@meydan/contracts/feedback'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useId, useRef, useState } from 'react'
import { isForbidden } from '../admin.ts'
import { Column } from '../community/column.tsx'
import { More, SkeletonCards, Unread } from '../community/reading.tsx'
import { Refused } from '../community/refused.tsx'
import { useText } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { Empty } from '../ui/states.tsx'
import { Said } from './entry.tsx'
import { markRead, useCounts, useEverything, useShowReviewed } from './everything.ts'
import { Review } from './review.tsx'
import type { ReviewSearch } from './search.ts'

const route = getRouteApi('/feedback/admin')

/** `/app/feedback/admin` (A12). */
export function FeedbackAdminPage() {
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const onFilter = (search: ReviewSearch): void => void navigate({ search, replace: true })
  const t = useText('review')
  const everything = useEverything(filter)
  if (everything.isError && isForbidden(everything.error))
    return (
      <Refused title={t('refusedTitle')} text={t('refused')}>
        <Link to="/feedback" className="inline-flex min-h-11 items-center font-semibold text-accent underline">
          {t('toFeedback')}
        </Link>
      </Refused>
    )
  return (
    <Column title={t('title')}>
      <p className="mt-2">
        <Link to="/feedback" className="inline-flex min-h-11 items-center text-accent underline">
          {t('back')}
        </Link>
      </p>
      <Filters filter={filter} onFilter={onFilter} />
      <div className="mt-6" aria-busy={everything.isPlaceholderData}>
        <List
          everything={everything}
          isFiltered={Boolean(filter.state ?? filter.kind ?? filter.search)}
          onClear={() => onFilter({})}
        />
      </div>
    </Column>
  )
}

interface FiltersProps {
  readonly filter: ReviewSearch
  readonly onFilter: (filter: ReviewSearch) => void
}

function Filters({ filter, onFilter }: FiltersProps) {
  const t = useText('review')
  const feedback = useText('feedback')
  const counts = useCounts().data?.counts
  const id = useId()
  const total = counts && Object.values(counts).reduce((sum, count) => sum + count, 0)
  const states = [
    { value: 'all' as const, text: <Counted text={t('all')} count={total} /> },
    ...FEEDBACK_STATES.map((value) => ({
      value,
      text: <Counted text={t(`state-${value}`)} count={counts?.[value]} />,
    })),
  ]
  return (
    <div className="mt-4 flex flex-col gap-4">
      <Choice
        label={t('state')}
        choices={states}
        value={filter.state ?? 'all'}
        onChoose={(state) => onFilter({ ...filter, state: state === 'all' ? undefined : state })}
      />
      <div className="grid gap-3 sm:grid-cols-[1fr_auto]">
        <SearchField
          value={filter.search ?? ''}
          onSearch={(search) => onFilter({ ...filter, search: search || undefined })}
        />
        <div className="flex flex-col gap-1.5">
          <label htmlFor={id} className="text-sm text-soft">
            {t('kind')}
          </label>
          <select
            id={id}
            data-testid="filter-kind"
            value={filter.kind ?? ''}
            onChange={(event) => onFilter({ ...filter, kind: FeedbackKind.safeParse(event.target.value).data })}
            className="min-h-12 rounded-xl border border-edge bg-card px-4"
          >
            <option value="">{t('anyKind')}</option>
            {FEEDBACK_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {feedback(`kind-${kind}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
    </div>
  )
}

function Counted({ text, count }: { text: string; count: number | undefined }) {
  return (
    <>
      {text} <span className="font-normal tabular-nums">{count}</span>
    </>
  )
}

/** Asks once the typing pauses. */
const PAUSE_MS = 300
const SEARCH_MAX = 200

function SearchField({ value, onSearch }: { value: string; onSearch: (search: string) => void }) {
  const t = useText('review')
  const [typed, setTyped] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setTyped(value), [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <Field
      type="search"
      label={t('search')}
      placeholder={t('searchHint')}
      data-testid="search"
      value={typed}
      maxLength={SEARCH_MAX}
      onValue={(text) => {
        setTyped(text)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => onSearch(text.trim()), PAUSE_MS)
      }}
    />
  )
}

interface ListProps {
  readonly everything: ReturnType<typeof useEverything>
  readonly isFiltered: boolean
  readonly onClear: () => void
}

function List({ everything, isFiltered, onClear }: ListProps) {
  const t = useText('review')
  if (everything.isPending) return <SkeletonCards count={4} className="h-36" />
  if (everything.isError) return <Unread error={everything.error} onAgain={() => void everything.refetch()} />
  const all = everything.data.pages.flatMap(({ feedback }) => feedback)
  if (all.length === 0) {
    return (
      <Empty title={t(isFiltered ? 'noneFound' : 'none')}>
        {isFiltered && (
          <Button look="quiet" onClick={onClear}>
            {t('clear')}
          </Button>
        )}
      </Empty>
    )
  }
  return (
    <>
      <ul className="flex flex-col gap-3">
        {all.map((entry) => (
          <Entry key={entry.feedbackId} entry={entry} />
        ))}
      </ul>
      <More
        hasMore={everything.hasNextPage}
        isLoading={everything.isFetchingNextPage}
        onMore={() => void everything.fetchNextPage()}
      />
    </>
  )
}

function Entry({ entry }: { entry: FeedbackEntry }) {
  const t = useText('review')
  const [isOpen, setOpen] = useState(false)
  const show = useShowReviewed()
  const reading = useMutation({ mutationFn: () => markRead(entry), onSuccess: show })
  const toggle = (): void => {
    setOpen(!isOpen)
    // Opened is read; whoever decides something else sets that.
    if (!isOpen && entry.state === 'new') reading.mutate()
  }
  return (
    <li data-testid="entry" className="rounded-2xl border border-line bg-card p-5">
      <Said feedback={entry} state={t(`state-${entry.state}`)} />
      {entry.answer !== null && !isOpen && (
        <p className="mt-3 border-l-4 border-accent pl-4 wrap-anywhere whitespace-pre-wrap text-soft">{entry.answer}</p>
      )}
      <div className="mt-3 flex flex-wrap items-center justify-between gap-3">
        <Origin entry={entry} />
        <Button look="quiet" size="small" data-testid="open" aria-expanded={isOpen} onClick={toggle}>
          {t(isOpen ? 'close' : 'open')}
        </Button>
      </div>
      {isOpen && !reading.isPending && <Review entry={entry} onReviewed={show} />}
    </li>
  )
}

/** Who left it, and from where. */
function Origin({ entry: { playerId, playerName, context } }: { entry: FeedbackEntry }) {
  const t = useText('review')
  const { game, page, client: build, viewport, matchId } = context
  const told = [game, page, viewport && `${viewport.width} × ${viewport.height}`, build].filter(Boolean)
  const link = 'inline-flex min-h-11 min-w-11 items-center underline'
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-3 text-sm wrap-anywhere text-soft">
      <Link to="/players/$id" params={{ id: playerId }} className={`font-semibold text-ink ${link}`}>
        {playerName}
      </Link>
      {matchId && (
        <Link to="/matches/$id" params={{ id: matchId }} className={link}>
          {t('match')}
        </Link>
      )}
      <span className="text-xs">{told.join(' · ')}</span>
    </p>
  )
}

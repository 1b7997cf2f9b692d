import { CRASH_CURRENCY, type LobbySettings } from '@meydan/contracts/crash'
import { payoutOf } from '@meydan/games/crash'
import { Link } from '@tanstack/react-router'
import { type FormEvent, type KeyboardEvent, useRef } from 'react'
import type { z } from 'zod'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Switch } from '../ui/switch.tsx'
import { CurrencySign } from '../wallet/sign.tsx'
import type { LobbyLine } from './lobby-line.ts'
import { useMultiplierText } from './multiplier.tsx'
import { useMultiplierFrames } from './stage.tsx'
import type { RoundState } from './state.ts'
import type { Betting } from './use-betting.ts'
import { useGlobalKeys } from './use-global-keys.ts'
import { DECIMALS, type Slip, useSlip } from './use-slip.ts'

interface BetPanelProps {
  readonly line: LobbyLine
  readonly round: RoundState | null
  readonly settings: z.infer<typeof LobbySettings>
  readonly balance: number | undefined
  readonly betting: Betting
}

/** How much, and when to take it: one large button that bets, then cashes out. */
export function BetPanel({ line, round, settings, balance, betting }: BetPanelProps) {
  const t = useText('crash')
  const slip = useSlip(settings, balance)
  const form = useRef<HTMLFormElement>(null)
  useGlobalKeys(form)
  const isOpen = round?.mine?.state === 'open'
  const isFixed = isOpen || betting.next !== null || betting.isBetting
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isOpen && round.phase === 'rising') betting.cashOut()
    else if (betting.next) betting.cancel()
    else if (!isFixed) {
      const wish = slip.wish()
      if (wish) betting.bet(wish)
    }
  }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      data-testid="bet-panel"
      className="flex flex-col gap-4 rounded-2xl border border-line bg-card p-4 sm:p-5"
    >
      <fieldset disabled={isFixed} className="flex flex-col gap-3 disabled:opacity-60">
        <Stake slip={slip} most={balance ?? settings.betMax} />
        <AutoCashOut slip={slip} />
      </fieldset>
      <Problem error={betting.error} />
      {/* On a phone it stays above the bar with the places, wherever the rest of the form is. */}
      <div className="sticky bottom-16 z-1 lg:static">
        <Action line={line} round={round} betting={betting} />
      </div>
      {balance !== undefined && balance < settings.betMin && !isOpen && (
        <p className="text-sm text-pretty text-soft">
          {t('broke')}{' '}
          <Link to="/wallet" className="inline-flex min-h-11 items-center text-accent underline">
            {t('toWallet')}
          </Link>
        </p>
      )}
      <p className="hidden text-xs text-soft md:block">{t('keys')}</p>
    </form>
  )
}

function Stake({ slip: { amount, setAmount, wrong, change }, most }: { slip: Slip; most: number }) {
  const t = useText('crash')
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-2 lg:grid-cols-1 lg:gap-3">
      <Field
        label={t('amount')}
        value={amount}
        onValue={setAmount}
        error={wrong.amount}
        inputMode="decimal"
        autoComplete="off"
        data-testid="amount"
      >
        <CurrencySign currency={CRASH_CURRENCY} className="absolute top-3.5 right-4 size-5" />
      </Field>
      {/* Beside the line to fill in, whose label is above it, where the window is narrow. */}
      <div className="grid grid-cols-3 gap-2 pt-6.5 *:min-h-12 *:px-3 lg:pt-0 lg:*:min-h-11">
        <Button look="quiet" size="small" data-testid="half" onClick={() => change((now) => Math.floor(now / 2))}>
          ½<span className="sr-only"> {t('half')}</span>
        </Button>
        <Button look="quiet" size="small" data-testid="double" onClick={() => change((now) => now * 2)}>
          2×<span className="sr-only"> {t('double')}</span>
        </Button>
        <Button look="quiet" size="small" data-testid="max" onClick={() => change(() => most)}>
          {t('max')}
        </Button>
      </div>
    </div>
  )
}

function AutoCashOut({ slip: { isAuto, setIsAuto, auto, setAuto, wrong } }: { slip: Slip }) {
  const t = useText('crash')
  return (
    <>
      <Switch label={t('auto')} isOn={isAuto} onTurn={setIsAuto} testId="auto" />
      {isAuto && (
        <Field
          label={t('autoAt')}
          value={auto}
          onValue={setAuto}
          error={wrong.auto}
          inputMode="decimal"
          autoComplete="off"
          data-testid="auto-at"
        >
          <span aria-hidden="true" className="absolute top-3 right-4 text-soft">
            ×
          </span>
        </Field>
      )}
    </>
  )
}

/** A key that is held would bet and then cash out at once. */
function pressOnce(event: KeyboardEvent): void {
  if (event.repeat) event.preventDefault()
}

const ACTION =
  'flex min-h-18 w-full flex-col items-center justify-center rounded-2xl px-4 py-2 text-center font-bold cursor-pointer aria-disabled:cursor-default'

type Does = 'bet' | 'place' | 'cancel' | 'wait' | 'cash-out'

const LOOKS: Readonly<Record<Does, string>> = {
  bet: 'bg-accent text-on-accent hover:brightness-110',
  place: 'border border-edge bg-card text-ink',
  cancel: 'border-2 border-accent bg-card text-ink',
  wait: 'border border-edge bg-card text-ink',
  'cash-out': 'bg-gold text-on-medal hover:brightness-105',
}

function doesOf(round: RoundState | null, betting: Betting): Does {
  if (betting.isBetting) return 'place'
  if (round?.mine?.state === 'open') return round.phase === 'rising' ? 'cash-out' : 'wait'
  return betting.next ? 'cancel' : 'bet'
}

/** One button throughout, so that who has the focus on it keeps it: it bets, takes that back, and cashes out. */
function Action({ line, round, betting }: Pick<BetPanelProps, 'line' | 'round' | 'betting'>) {
  const t = useText('crash')
  const does = doesOf(round, betting)
  const takesBets = round?.phase === 'betting' || round?.phase === 'waiting'
  const words = {
    bet: t(takesBets ? 'bet' : 'betNext'),
    place: t('placing'),
    cancel: t('queued'),
    wait: t('inRound'),
  } as const
  return (
    <button
      type="submit"
      data-testid="action"
      data-does={does}
      aria-disabled={does === 'place' || does === 'wait' || betting.pressedAt !== null}
      onKeyDown={pressOnce}
      className={`${ACTION} ${LOOKS[does]}`}
    >
      {does === 'cash-out' && round ? (
        <CashOut line={line} round={round} betting={betting} />
      ) : (
        <span className="text-xl">{does !== 'cash-out' && words[does]}</span>
      )}
      {does === 'cancel' && <span className="text-sm font-normal">{t('queuedCancel')}</span>}
    </button>
  )
}

/** What would be paid now, or was on the screen at the press. */
function CashOut({ line, round, betting }: { line: LobbyLine; round: RoundState; betting: Betting }) {
  const t = useText('crash')
  const { money } = useFormats()
  const textOf = useMultiplierText()
  const amount = round.mine?.amount ?? 0
  const { pressedAt } = betting
  const worth = useMultiplierFrames<HTMLSpanElement>(line, (multiplier) =>
    money(payoutOf(amount, pressedAt ?? multiplier), DECIMALS),
  )
  return (
    <>
      <span className="text-xl">
        {pressedAt === null ? t('cashOut') : t('cashingOut', { multiplier: textOf(pressedAt) })}
      </span>
      <span ref={worth} aria-hidden="true" data-testid="worth" className="text-2xl tabular-nums" />
    </>
  )
}

/** Why there is no bet, or no cash-out; what was typed stays. */
function Problem({ error }: { error: unknown }) {
  return (
    <div role="alert" className="empty:-mt-4">
      {error !== null && (
        <p data-testid="bet-problem" className="rounded-xl border border-warn px-4 py-3 text-sm text-pretty text-warn">
          {sentenceOf(error)}
        </p>
      )}
    </div>
  )
}

import { type ReactNode, useState } from 'react'
import { useText } from '../i18n/i18n.ts'
import { Field } from '../ui/field.tsx'
import { useMultiplierText } from './multiplier.tsx'
import { arithmeticOf, isHash } from './proof.ts'

interface TryProps {
  readonly hash: string
  readonly salt: string
  /** What the round was told to be, hundredths, while hash and salt are its own; null: there is nothing to compare with. */
  readonly told: number | null
}

/** The way from a hash and a salt to a crash point, computed here; both can be changed to try. */
export function Arithmetic({ hash, salt, told }: TryProps) {
  const t = useText('fairness')
  const [typed, setTyped] = useState({ hash, salt })
  const isOwn = typed.hash === hash && typed.salt === salt
  const isRight = isHash(typed.hash)
  return (
    <div className="flex flex-col gap-4">
      <Field
        label={t('hash')}
        value={typed.hash}
        onValue={(text) => setTyped({ ...typed, hash: text.trim().toLowerCase() })}
        error={isRight ? undefined : t('noHash')}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        data-testid="try-hash"
      />
      <Field
        label={t('salt')}
        value={typed.salt}
        onValue={(text) => setTyped({ ...typed, salt: text })}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        data-testid="try-salt"
      />
      {isRight && <Steps hash={typed.hash} salt={typed.salt} told={isOwn ? told : null} />}
      {!isOwn && (
        <button
          type="button"
          data-testid="try-back"
          onClick={() => setTyped({ hash, salt })}
          className="min-h-11 cursor-pointer self-start text-accent underline"
        >
          {t('tryBack')}
        </button>
      )}
    </div>
  )
}

function Steps({ hash, salt, told }: TryProps) {
  const t = useText('fairness')
  const textOf = useMultiplierText()
  const { hmac, digits, bits, share, quotient, multiplier } = arithmeticOf(hash, salt)
  return (
    <>
      <ol data-testid="steps" className="flex flex-col gap-3">
        <Step number={1} text={t('stepHmac')}>
          <mark className="rounded bg-gold px-0.5 text-on-medal">{digits}</mark>
          {hmac.slice(digits.length)}
        </Step>
        <Step number={2} text={t('stepBits')}>
          0x{digits} = {bits}
        </Step>
        <Step number={3} text={t('stepShare')}>
          {bits} ÷ 2⁵² = {share.toFixed(12)}
        </Step>
        <Step number={4} text={t('stepQuotient')}>
          99 ÷ (1 − {share.toFixed(12)}) = {quotient.toFixed(6)}
        </Step>
        <Step number={5} text={t('stepFloor')}>
          max(100, ⌊{quotient.toFixed(6)}⌋) ÷ 100 ={' '}
          <strong data-testid="computed" data-multiplier={multiplier}>
            {textOf(multiplier)}
          </strong>
        </Step>
      </ol>
      {told !== null && (
        <Verdict
          isRight={told === multiplier}
          text={t(told === multiplier ? 'agrees' : 'disagrees', { told: textOf(told) })}
        />
      )}
    </>
  )
}

function Step({ number, text, children }: { number: number; text: string; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span
        aria-hidden="true"
        className="grid size-7 shrink-0 place-items-center rounded-full border border-edge text-sm font-semibold"
      >
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-sm text-soft">{text}</p>
        <p className="mt-1 font-mono text-sm wrap-anywhere">{children}</p>
      </div>
    </li>
  )
}

/** Whether something is as it should be: in words and with a sign, not by colour alone. */
export function Verdict({ isRight, text }: { isRight: boolean; text: string }) {
  return (
    <p
      data-testid="verdict"
      data-right={isRight}
      className={`flex items-start gap-3 rounded-xl border px-4 py-3 font-semibold ${isRight ? 'border-accent text-accent' : 'border-warn text-warn'}`}
    >
      <span aria-hidden="true">{isRight ? '✓' : '✗'}</span>
      {text}
    </p>
  )
}

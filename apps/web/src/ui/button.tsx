import type { ButtonHTMLAttributes } from 'react'

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:brightness-110',
  quiet: 'border border-edge bg-card text-ink hover:border-accent',
  /** Beside another that matters more. */
  plain: 'text-ink hover:bg-paper',
  danger: 'border border-warn bg-card text-warn hover:bg-warn hover:text-card',
} as const
const SIZES = {
  large: 'min-h-12 rounded-xl px-6',
  small: 'min-h-11 rounded-lg px-4 text-sm',
} as const

export type ButtonLook = keyof typeof LOOKS
export type ButtonSize = keyof typeof SIZES

/** For a link that looks like a button. */
export function buttonLook(look: ButtonLook = 'primary', size: ButtonSize = 'large'): string {
  return `inline-flex items-center justify-center gap-2 text-center font-semibold cursor-pointer motion-safe:transition-[filter,background-color] disabled:cursor-default disabled:opacity-60 ${SIZES[size]} ${LOOKS[look]}`
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: ButtonLook
  readonly size?: ButtonSize
}

export function Button({ look = 'primary', size = 'large', className = '', ...rest }: ButtonProps) {
  return <button type="button" className={`${buttonLook(look, size)} ${className}`} {...rest} />
}

import type { ButtonHTMLAttributes } from 'react'

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:brightness-110',
  quiet: 'border border-edge bg-card text-ink hover:border-accent',
}

export function Button({
  look = 'primary',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: keyof typeof LOOKS }) {
  return (
    <button
      type="button"
      className={`min-h-12 cursor-pointer rounded-xl px-6 font-semibold motion-safe:transition-[filter] disabled:cursor-default disabled:opacity-60 ${LOOKS[look]}`}
      {...rest}
    />
  )
}

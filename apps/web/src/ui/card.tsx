import { type HTMLAttributes, useId } from 'react'

interface CardProps extends HTMLAttributes<HTMLElement> {
  readonly title: string
  readonly text?: string
}

/** A part of a page with a name. */
export function Card({ title, text, children, className = '', ...rest }: CardProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className={`flex flex-col gap-4 rounded-2xl border border-line bg-card p-5 sm:p-6 ${className}`}
      {...rest}
    >
      <div>
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        {text !== undefined && <p className="mt-1 text-sm text-pretty text-soft">{text}</p>}
      </div>
      {children}
    </section>
  )
}

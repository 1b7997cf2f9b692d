const METALS: Readonly<Record<number, string>> = {
  1: 'bg-gold text-on-medal',
  2: 'bg-silver text-on-medal',
  3: 'bg-bronze text-on-medal',
}

/** A place; the first three have a medal's colour. */
export function Medal({ rank }: { rank: number }) {
  const metal = METALS[rank]
  return (
    <span
      className={`inline-grid h-8 min-w-8 place-items-center rounded-full text-sm tabular-nums ${metal ? `font-bold ${metal}` : 'text-soft'}`}
    >
      {rank}
    </span>
  )
}

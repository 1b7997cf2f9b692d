import type { Bar, Tone } from './svg.ts'

/** How figures are written on the page and in its charts. */

export const thousands = (value: number): string => Math.round(value).toLocaleString('en-GB')
export const ms = (value: number): string => `${value < 10 ? Number(value.toFixed(1)) : thousands(value)} ms`
export const percent = (part: number): string => `${Number((part * 100).toFixed(1))} %`
export const times = (ratio: number): string => `${Number(ratio.toFixed(2))}`

export function verdict(met: boolean | null | undefined): string {
  if (met === undefined) return 'not measured yet'
  if (met === null) return 'no verdict: the machine was busy'
  return met ? 'met' : '**missed**'
}

/** A table of Markdown; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...body.map(line)].join('\n')
}

export function bar(label: string, value: number, tone: Tone, text = thousands(value)): Bar {
  return { label, text, segments: [{ value, tone, name: `${label}: ${text}` }] }
}

/** Horizontal bars as an SVG that stands on a card of its own, so that it is readable on any page, light or dark. */

/** Whose bar it is: ours, ours in another way, a peer's, the bare floor's, or a figure somebody published. */
export const TONES = ['ours', 'also', 'peer', 'floor', 'published', 'other'] as const
export type Tone = (typeof TONES)[number]

export interface Segment {
  readonly value: number
  readonly tone: Tone
  /** Told when somebody points at it, and in the legend of stacked bars. */
  readonly name: string
}

export interface Bar {
  readonly label: string
  /** One after the other. */
  readonly segments: readonly Segment[]
  /** Stands at the bar's end. */
  readonly text: string
}

export interface Group {
  /** Above its bars; none where there is one group. */
  readonly title?: string
  readonly bars: readonly Bar[]
}

export interface Chart {
  readonly title: string
  /** What the figures are, and in which direction they are good. */
  readonly unit: string
  readonly groups: readonly Group[]
  readonly limit?: { readonly value: number; readonly text: string } | undefined
  /** Whether the tones of the segments are explained below. */
  readonly legend?: boolean
}

const WIDTH = 760
const PADDING = 20
const LABEL_WIDTH = 190
const VALUE_WIDTH = 110
const BAR_HEIGHT = 20
const ROW_HEIGHT = 28
const GROUP_GAP = 12
const GROUP_TITLE_HEIGHT = 24
const HEAD_HEIGHT = 72
const FOOT_HEIGHT = 16
const LEGEND_ROW_HEIGHT = 22
const LEGEND_COLUMNS = 3
const BARS_LEFT = PADDING + LABEL_WIDTH
const BARS_WIDTH = WIDTH - BARS_LEFT - VALUE_WIDTH - PADDING

/** Told apart also by people who see fewer colours (Okabe and Ito's set), on white and on black. */
const STYLE = `
.card{fill:#fff;stroke:#d1d9e0}.t{fill:#1f2328}.m{fill:#59636e}.l{stroke:#59636e}
.ours{fill:#0072b2}.also{fill:#56b4e9}.peer{fill:#e69f00}.floor{fill:#8c959f}.published{fill:#cc79a7}.other{fill:#009e73}
@media (prefers-color-scheme:dark){.card{fill:#151b23;stroke:#3d444d}.t{fill:#f0f6fc}.m{fill:#9198a1}.l{stroke:#9198a1}
.ours{fill:#2f81f7}.also{fill:#a5d6ff}}`.trim()

export function svg(chart: Chart): string {
  const all = chart.groups.flatMap(({ bars }) => bars)
  const most = Math.max(chart.limit?.value ?? 0, ...all.map(lengthOf))
  const perUnit = most > 0 ? BARS_WIDTH / most : 0
  const parts: string[] = []
  let y = HEAD_HEIGHT
  for (const [index, group] of chart.groups.entries()) {
    if (index > 0) y += GROUP_GAP
    if (group.title !== undefined) {
      parts.push(text(PADDING, y + 15, 'm', group.title, 12))
      y += GROUP_TITLE_HEIGHT
    }
    for (const bar of group.bars) {
      parts.push(row(bar, y, perUnit))
      y += ROW_HEIGHT
    }
  }
  if (chart.limit) parts.push(limitLine(chart.limit, perUnit, y))
  if (chart.legend) {
    const names = legendOf(all)
    parts.push(...names.map((segment, index) => legendEntry(segment, index, y)))
    y += Math.ceil(names.length / LEGEND_COLUMNS) * LEGEND_ROW_HEIGHT
  }
  return page(chart, parts, y + FOOT_HEIGHT)
}

function page(chart: Chart, parts: readonly string[], height: number): string {
  const told = chart.groups
    .map(({ title, bars }) => `${title ? `${title}: ` : ''}${bars.map((bar) => `${bar.label} ${bar.text}`).join(', ')}`)
    .join('; ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title what" font-family="-apple-system,Segoe UI,Helvetica,Arial,sans-serif">`,
    `<title id="title">${escaped(chart.title)}</title>`,
    `<desc id="what">${escaped(`${chart.unit}. ${told}.`)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    text(PADDING, 28, 't', chart.title, 16, 'font-weight="600"'),
    text(PADDING, 48, 'm', chart.unit, 12),
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function row({ label, segments, text: end }: Bar, y: number, perUnit: number): string {
  let x = BARS_LEFT
  const bars = segments.map(({ value, tone, name }) => {
    const width = Math.max(1, value * perUnit)
    const bar = `<rect class="${tone}" x="${fixed(x)}" y="${y}" width="${fixed(width)}" height="${BAR_HEIGHT}"><title>${escaped(name)}</title></rect>`
    x += width
    return bar
  })
  return [
    text(BARS_LEFT - 10, y + 15, 't', label, 13, 'text-anchor="end"'),
    ...bars,
    text(x + 8, y + 15, 't', end, 13),
  ].join('\n')
}

function limitLine({ value, text: label }: NonNullable<Chart['limit']>, perUnit: number, bottom: number): string {
  const x = BARS_LEFT + value * perUnit
  return [
    `<line class="l" x1="${fixed(x)}" y1="${HEAD_HEIGHT - 6}" x2="${fixed(x)}" y2="${bottom}" stroke-dasharray="4 3"/>`,
    text(x, HEAD_HEIGHT - 8, 'm', label, 11, 'text-anchor="middle"'),
  ].join('\n')
}

function legendOf(bars: readonly Bar[]): Segment[] {
  const byName = new Map(bars.flatMap(({ segments }) => segments.map((segment) => [segment.name, segment] as const)))
  return [...byName.values()]
}

function legendEntry({ name, tone }: Segment, index: number, y: number): string {
  const x = PADDING + (index % LEGEND_COLUMNS) * ((WIDTH - 2 * PADDING) / LEGEND_COLUMNS)
  const top = y + 8 + Math.floor(index / LEGEND_COLUMNS) * LEGEND_ROW_HEIGHT
  return `<rect class="${tone}" x="${fixed(x)}" y="${top}" width="12" height="12"/>\n${text(x + 18, top + 11, 'm', name, 12)}`
}

function lengthOf({ segments }: Bar): number {
  return segments.reduce((sum, { value }) => sum + value, 0)
}

function text(x: number, y: number, tone: 't' | 'm', content: string, size: number, more = ''): string {
  return `<text class="${tone}" x="${fixed(x)}" y="${fixed(y)}" font-size="${size}"${more ? ` ${more}` : ''}>${escaped(content)}</text>`
}

const fixed = (value: number): string => String(Math.round(value * 10) / 10)

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

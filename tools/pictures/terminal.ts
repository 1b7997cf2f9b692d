import { text } from 'node:stream/consumers'
import { escaped, page } from './card.ts'

/** Draws what a command prints, colours included: `FORCE_COLOR=1 npm run -s meydan -- top --once | node tools/pictures/terminal.ts > docs/images/top.svg`. */

const LETTER_WIDTH = 7.2
const LINE_HEIGHT = 18
const FONT_SIZE = 12
const PADDING = 20

/** Select graphic rendition (ECMA-48 §8.3.117): what starts a look, and what ends it. */
const STARTS: Readonly<Record<string, string>> = { 1: 'bold', 2: 'faint', 31: 'bad', 33: 'mark' }
const ENDS: Readonly<Record<string, readonly string[]>> = { 22: ['bold', 'faint'], 39: ['bad', 'mark'] }

const LOOK = new RegExp(`${String.fromCharCode(0x1b)}\\[(\\d+)m`)

const STYLE = '.bold{font-weight:700}.faint{opacity:.6}.bad{fill:#d1242f}.mark{fill:#9a6700}text{white-space:pre}'
const DARK = '.bad{fill:#ff7b72}.mark{fill:#e3b341}'

interface Run {
  readonly text: string
  readonly looks: readonly string[]
}

function runsOf(line: string): Run[] {
  const looks = new Set<string>()
  // Text and the codes between it take turns.
  return line.split(LOOK).flatMap((part, index) => {
    if (index % 2 === 0) return part === '' ? [] : [{ text: part, looks: [...looks] }]
    const started = STARTS[part]
    if (started !== undefined) looks.add(started)
    for (const ended of ENDS[part] ?? []) looks.delete(ended)
    return []
  })
}

function lineAt(runs: readonly Run[], index: number): string {
  const spans = runs.map(({ text: shown, looks }) => `<tspan class="${looks.join(' ')}">${escaped(shown)}</tspan>`)
  const y = PADDING + LINE_HEIGHT * (index + 1) - 5
  return `<text class="t" x="${PADDING}" y="${y}" font-size="${FONT_SIZE}" xml:space="preserve">${spans.join('')}</text>`
}

const lines = (await text(process.stdin)).trimEnd().split('\n').map(runsOf)
const widest = Math.max(...lines.map((runs) => runs.reduce((sum, run) => sum + run.text.trimEnd().length, 0)))
process.stdout.write(
  page({
    width: Math.ceil(widest * LETTER_WIDTH) + 2 * PADDING,
    height: lines.length * LINE_HEIGHT + 2 * PADDING,
    title: 'What meydan top prints',
    font: 'ui-monospace,Menlo,Consolas,monospace',
    style: STYLE,
    dark: DARK,
    body: lines.map(lineAt),
  }),
)

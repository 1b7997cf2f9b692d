import { emitKeypressEvents } from 'node:readline'
import { styleText } from 'node:util'
import type { Look, Paint } from './picture.ts'

export type Key = 'quit' | 'sort' | 'up' | 'down'

/** A terminal that is drawn on in place, until it is closed and shows again what it showed before. */
export interface Screen {
  readonly width: number
  readonly height: number
  draw(lines: readonly string[]): void
  onKey(listener: (key: Key) => void): void
  onResize(listener: () => void): void
  close(): void
}

const STYLES: Readonly<Record<Look, Parameters<typeof styleText>[0]>> = {
  heading: 'bold',
  bad: 'red',
  warning: ['bold', 'yellow'],
  faint: 'dim',
}

/** Colours where the terminal has them and nobody said NO_COLOR (https://no-color.org). */
export const paint: Paint = (look, text) => styleText(STYLES[look], text, { stream: process.stdout })

/** Another page than that with the commands, without a cursor; and back. */
const ENTER = '\x1b[?1049h\x1b[?25l'
const LEAVE = '\x1b[?25h\x1b[?1049l'
const HOME = '\x1b[H'
const REST_OF_LINE = '\x1b[K'
const REST_OF_SCREEN = '\x1b[J'
/** Terminals that know it show the frame when it is whole; others ignore it. */
const BEGIN = '\x1b[?2026h'
const END = '\x1b[?2026l'

export function openScreen({ stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>): Screen {
  const keys: ((key: Key) => void)[] = []
  const resizes: (() => void)[] = []
  const resized = (): void => {
    for (const listener of resizes) listener()
  }
  const pressed = (_: string | undefined, { name, ctrl }: { name?: string; ctrl?: boolean }): void => {
    const key = keyOf(name, ctrl === true)
    if (key) for (const listener of keys) listener(key)
  }
  const hasKeys = stdin.isTTY === true
  stdout.write(ENTER)
  stdout.on('resize', resized)
  if (hasKeys) {
    emitKeypressEvents(stdin)
    stdin.setRawMode(true)
    stdin.on('keypress', pressed)
  }
  return {
    get width() {
      return stdout.columns
    },
    get height() {
      return stdout.rows
    },
    // All of it at once and nothing cleared before it is written over: so nothing flickers.
    draw(lines) {
      const shown = lines.slice(0, stdout.rows).map((line) => line + REST_OF_LINE)
      stdout.write(BEGIN + HOME + shown.join('\r\n') + REST_OF_SCREEN + END)
    },
    onKey: (listener) => void keys.push(listener),
    onResize: (listener) => void resizes.push(listener),
    close() {
      stdout.off('resize', resized)
      if (hasKeys) {
        stdin.off('keypress', pressed)
        stdin.setRawMode(false)
        stdin.pause()
      }
      stdout.write(LEAVE)
    },
  }
}

function keyOf(name: string | undefined, ctrl: boolean): Key | undefined {
  if (ctrl) return name === 'c' ? 'quit' : undefined
  if (name === 'q') return 'quit'
  if (name === 's') return 'sort'
  return name === 'up' || name === 'down' ? name : undefined
}

import type { Quality } from '@meydan/sdk'
import type { Page } from 'playwright-core'
import { at } from './pages.ts'

/**
 * What a page tells of its link at one moment: the ping of its HUD, and `data-quality` of its field (the SDK's `Play.quality`, the page's own
 * `JumpMeter`, and the arena's `Tracers.tally`).
 */
export interface LinkSample extends Quality {
  readonly pingMs: number
  /** How far the own avatar was drawn from where it had been a frame before, beyond what its speed explains. */
  readonly jumps: {
    /** The longest of ten seconds, px. */
    readonly most: number
    /** Those longer than a hit box that have a reason, and do not count above. */
    readonly excused: { readonly rules: number; readonly line: number; readonly screen: number }
  }
  readonly hits: { readonly seen: number; readonly counted: number; readonly unseen: number }
  /** Frames the page draws in a second. */
  readonly framesPerS: number
}

const FRAMES_OVER_MS = 400

export async function sampleLink(page: Page): Promise<LinkSample> {
  const [ping, told, framesPerS] = await Promise.all([
    page.textContent(at('hud-ping')),
    page.getAttribute(at('field'), 'data-quality'),
    framesOf(page),
  ])
  return { ...JSON.parse(told ?? '{}'), pingMs: Number.parseFloat(ping ?? ''), framesPerS }
}

function framesOf(page: Page): Promise<number> {
  return page.evaluate(
    (ms) =>
      new Promise<number>((resolve) => {
        const fromMs = performance.now()
        let frames = 0
        const next = (): void => {
          frames++
          const passedMs = performance.now() - fromMs
          if (passedMs < ms) requestAnimationFrame(next)
          else resolve((frames * 1_000) / passedMs)
        }
        requestAnimationFrame(next)
      }),
    FRAMES_OVER_MS,
  )
}

interface Played {
  readonly name: string
  readonly samples: readonly LinkSample[]
  readonly sockets: number
}

/** A table in Markdown: a column for each who played. */
export function linkTable(
  people: readonly Played[],
  link: { readonly lost: number; readonly cuts: number },
  hitBoxPx: number,
): string {
  const row = (what: string, of: (played: Played) => string): string => `| ${what} | ${people.map(of).join(' | ')} |`
  const both =
    (of: (sample: LinkSample) => number, digits = 0) =>
    ({ samples }: Played): string => {
      const sorted = samples
        .map(of)
        .filter(Number.isFinite)
        .toSorted((a, b) => a - b)
      const part = (share: number): string =>
        (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(digits)
      return `${part(0.5)} / ${part(0.95)}`
    }
  const last =
    (of: (sample: LinkSample) => string) =>
    ({ samples }: Played): string => {
      const sample = samples.at(-1)
      return sample ? of(sample) : '–'
    }
  return [
    `| | ${people.map(({ name }) => name).join(' | ')} |`,
    `|---|${people.map(() => '---').join('|')}|`,
    row(
      'ping, ms, p50 / p95',
      both(({ pingMs }) => pingMs),
    ),
    row(
      'snapshots a second, p50 / p95',
      both(({ snapshotsPerS }) => snapshotsPerS, 1),
    ),
    row(
      'longest silence of ten seconds, ms, p50 / p95',
      both(({ silenceMs }) => silenceMs),
    ),
    row(
      'others shown behind, ms, p50 / p95',
      both(({ delayMs }) => delayMs),
    ),
    row(
      `what a snapshot corrected, px (hit box ${hitBoxPx}), p50 / p95`,
      both(({ correction }) => correction.median, 1),
    ),
    row(
      'most that one corrected in ten seconds, px, p50 / p95',
      both(({ correction }) => correction.most, 1),
    ),
    row(
      'longest jump drawn in ten seconds, px, p50 / p95',
      both(({ jumps }) => jumps.most, 1),
    ),
    row(
      'longer than a hit box: fell or came back to life',
      last(({ jumps }) => String(jumps.excused.rules)),
    ),
    row(
      'longer than a hit box: the line was away',
      last(({ jumps }) => String(jumps.excused.line)),
    ),
    row(
      'longer than a hit box: a frame took over 75 ms',
      last(({ jumps }) => String(jumps.excused.screen)),
    ),
    row(
      'shots seen to hit, and counted',
      last(({ hits }) => `${hits.seen}, ${hits.counted} (${percent(hits)})`),
    ),
    row(
      'hits not seen',
      last(({ hits }) => String(hits.unseen)),
    ),
    row('sockets opened', ({ sockets }) => String(sockets)),
    row(
      'frames drawn a second, p50 / p95',
      both(({ framesPerS }) => framesPerS),
    ),
    '',
    `${link.lost} segments were lost on the link and sent again, ${link.cuts} connections were cut.`,
    '',
  ].join('\n')
}

function percent({ seen, counted }: LinkSample['hits']): string {
  return seen === 0 ? '–' : `${((100 * counted) / seen).toFixed(0)} %`
}

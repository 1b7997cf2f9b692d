import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Arrived, SPAN_KIND, startCollector } from '../../conformance/platform/collector.ts'
import { createClient } from '../../sdk/index.ts'
import { escaped, page } from './card.ts'

/**
 * Draws the trace of one ask for a game, as it went through the running processes:
 * `MEYDAN_OTLP_URL=http://127.0.0.1:4318 npm run cluster`, and beside it `node tools/pictures/trace.ts > docs/images/trace.svg`.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:4000' },
    listen: { type: 'string', default: '4318' },
  },
})

/** Spans are sent each second, and an event may take its time. */
const ARRIVES_MS = 4_000

/** The spans of one ask, the client's own among them. */
async function askedTrace(): Promise<Arrived[]> {
  const collector = await startCollector(Number(values.listen))
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  let isTraced = false
  const traceparent = () => (isTraced ? `00-${traceId}-${spanId}-01` : undefined)
  const player = createClient({ url: values.url, traceparent })
  await player.guest()
  // Connections between the processes are there once somebody has asked for something.
  await player.call.matchmaking.status({})
  isTraced = true
  const startTimeUnixNano = nowNanos()
  await player.call.matchmaking.ask({})
  const endTimeUnixNano = nowNanos()
  await delay(ARRIVES_MS)
  collector.close()
  const own = { traceId, spanId, name: 'matchmaking.ask', kind: SPAN_KIND.client, attributes: [] }
  const client = { ...own, startTimeUnixNano, endTimeUnixNano, process: 'client', roles: undefined }
  return [client, ...collector.spansOf(traceId)]
}

const nowNanos = (): bigint => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1_000)) * 1_000n

/** Each span beneath its parent, children in the order in which they began. */
function inOrder(spans: readonly Arrived[], parent: Arrived, depth = 0): { span: Arrived; depth: number }[] {
  const children = spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId)
  const ordered = children.toSorted((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano))
  return [{ span: parent, depth }, ...ordered.flatMap((child) => inOrder(spans, child, depth + 1))]
}

const PADDING = 20
const HEAD_HEIGHT = 48
const ROW_HEIGHT = 24
const BAR_HEIGHT = 14
const NAME_WIDTH = 360
const PLACE_WIDTH = 150
const BARS_LEFT = PADDING + NAME_WIDTH + PLACE_WIDTH
const BARS_WIDTH = 400
const WIDTH = BARS_LEFT + BARS_WIDTH + 70 + PADDING
const INDENT = 14
const BAR_WIDTH_MIN = 2
const NANOS_PER_MS = 1e6
/** Told apart also by people who see fewer colours (Okabe and Ito's set). */
const COLOURS = ['#8c959f', '#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9']

function placeOf({ process = '', roles }: Arrived): string {
  const [role = ''] = (roles ?? '').split(/[:\s]/)
  return role === '' ? process : `${process}  ${role}`
}

function drawn(spans: readonly Arrived[]): string {
  const [root] = spans
  if (!root) throw new Error('no span has arrived: is MEYDAN_OTLP_URL set for the processes?')
  const rows = inOrder(spans, root)
  const beganNanos = root.startTimeUnixNano
  const msOf = (nanos: bigint): number => Number(nanos - beganNanos) / NANOS_PER_MS
  const tookMs = Math.max(...spans.map(({ endTimeUnixNano }) => msOf(endTimeUnixNano)))
  const places = [...new Set(rows.map(({ span }) => placeOf(span)))]
  const line = ({ span, depth }: { span: Arrived; depth: number }, index: number): string => {
    const y = HEAD_HEIGHT + PADDING + index * ROW_HEIGHT
    const startMs = msOf(span.startTimeUnixNano)
    const lastsMs = msOf(span.endTimeUnixNano) - startMs
    const x = BARS_LEFT + (startMs / tookMs) * BARS_WIDTH
    const width = Math.max(BAR_WIDTH_MIN, (lastsMs / tookMs) * BARS_WIDTH)
    const colour = COLOURS[places.indexOf(placeOf(span)) % COLOURS.length]
    return [
      `<text class="t" x="${PADDING + depth * INDENT}" y="${y + 12}" font-size="12">${escaped(span.name)}</text>`,
      `<text class="m" x="${PADDING + NAME_WIDTH}" y="${y + 12}" font-size="12">${escaped(placeOf(span))}</text>`,
      `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="2" fill="${colour}"/>`,
      `<text class="m" x="${(x + width + 5).toFixed(1)}" y="${y + 12}" font-size="11">${lastsMs.toFixed(1)} ms</text>`,
    ].join('')
  }
  const title = `One ask for a game: ${rows.length} spans in ${places.length} places, ${tookMs.toFixed(0)} ms`
  return page({
    width: WIDTH,
    height: HEAD_HEIGHT + rows.length * ROW_HEIGHT + 2 * PADDING,
    title,
    font: 'system-ui,sans-serif',
    style: '.m{fill:#59636e}',
    dark: '.m{fill:#9198a1}',
    body: [
      `<text class="t" x="${PADDING}" y="34" font-size="15" font-weight="600">${escaped(title)}</text>`,
      ...rows.map(line),
    ],
  })
}

process.stdout.write(drawn(await askedTrace()))

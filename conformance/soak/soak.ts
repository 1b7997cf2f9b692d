import { seededRandom } from '@meydan/contracts/core'
import { type Gauges, readGauges } from './gauges.ts'
import { unreliableLine } from './line.ts'
import { type Deeds, live } from './person.ts'

export interface SoakOptions {
  readonly url: string
  readonly people: number
  readonly ms: number
  readonly seed: number
  readonly onSample: (sample: Sample) => void
}

export interface Sample {
  readonly atMs: number
  readonly gauges: Gauges
  readonly deeds: Readonly<Deeds>
  readonly cuts: number
}

export interface SoakReport {
  readonly before: Gauges
  readonly samples: readonly Sample[]
  /** What is still held after everybody has gone and every session could have expired. */
  readonly after: Gauges
}

const SAMPLE_EVERY_MS = 5_000
const CUT_EVERY_MS = 1_000
/** With a cut each second, a line lasts 100 s on average. */
const CUT_CHANCE = 0.01
const ARRIVE_EVERY_MS = 20
/** A session is kept for 2 minutes after its socket, an empty room ends at once; this is longer than both. */
const EMPTY_MS_MAX = 180_000

/** People come, play, drop and go, for `ms`; then all of them go. Rejects when one of them met what nobody may meet. */
export async function soak({ url, people, ms, seed, onSample }: SoakOptions): Promise<SoakReport> {
  const before = await readGauges(url)
  const line = await unreliableLine(url)
  const random = seededRandom(seed)
  const deeds: Deeds = { matches: 0, finished: 0, left: 0, cancelled: 0, goneForGood: 0, refused: {} }
  const over = new AbortController()
  const startedMs = performance.now()
  const samples: Sample[] = []
  let cuts = 0
  const cutting = setInterval(() => {
    cuts += line.cut(CUT_CHANCE, () => random.float())
  }, CUT_EVERY_MS)
  const lives: Promise<void>[] = []
  try {
    for (let person = 0; person < people; person++) {
      lives.push(live(line.url, seededRandom(seed + person + 1), deeds, over.signal))
      await new Promise((resolve) => setTimeout(resolve, ARRIVE_EVERY_MS))
    }
    const all = Promise.all(lives)
    while (performance.now() - startedMs < ms) {
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS))])
      const sample = { atMs: performance.now() - startedMs, gauges: await readGauges(url), deeds: { ...deeds }, cuts }
      samples.push(sample)
      onSample(sample)
    }
  } finally {
    over.abort()
    clearInterval(cutting)
    await Promise.allSettled(lives)
    await line.close()
  }
  await Promise.all(lives)
  return { before, samples, after: await emptied(url) }
}

async function emptied(url: string): Promise<Gauges> {
  const untilMs = performance.now() + EMPTY_MS_MAX
  for (;;) {
    const gauges = await readGauges(url)
    const { rooms, seated, sockets, sessions, queued } = gauges
    if (rooms + seated + sockets + sessions + queued === 0 || performance.now() > untilMs) return gauges
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

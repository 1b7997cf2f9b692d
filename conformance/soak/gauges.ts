/** What a running platform holds, from its `/metrics`. */
export interface Gauges {
  readonly rssMb: number
  readonly heapMb: number
  readonly rooms: number
  readonly seated: number
  readonly sockets: number
  readonly sessions: number
  readonly queued: number
  readonly timers: number
  readonly keys: number
  readonly ticksMissed: number
}

const METRICS_MS_MAX = 10_000
const MB = 1_048_576

export async function readGauges(url: string): Promise<Gauges> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(METRICS_MS_MAX) })
  const text = await answer.text()
  return {
    rssMb: sumOf(text, 'process_resident_memory_bytes') / MB,
    heapMb: sumOf(text, 'nodejs_heap_size_used_bytes') / MB,
    rooms: sumOf(text, 'meydan_rooms'),
    seated: sumOf(text, 'meydan_room_players'),
    sockets: sumOf(text, 'meydan_sockets'),
    sessions: sumOf(text, 'meydan_sessions'),
    queued: sumOf(text, 'meydan_queue_depth'),
    timers: sumOf(text, 'nodejs_active_resources', 'type="Timeout"'),
    keys: sumOf(text, 'meydan_cache_keys'),
    ticksMissed: sumOf(text, 'meydan_ticks_missed'),
  }
}

/** Over all label sets. Throws when there is no such metric: a soak that watches nothing would always be well. */
function sumOf(text: string, name: string, label = ''): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
  if (lines.length === 0) throw new Error(`/metrics says nothing of ${name}`)
  return lines.filter((line) => line.includes(label)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

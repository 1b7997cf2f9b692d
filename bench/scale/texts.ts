import type { Counters } from './reading.ts'

/** What is read out of the texts of `INFO` and `/metrics`. */

export interface RedisInfo {
  readonly redis: Counters
  readonly commands: Counters
  /** In whole µs, where Linux counts hundredths of a second. */
  readonly cpuUs: number
}

export function redisInfo(text: string): RedisInfo {
  const field = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1] ?? 0)
  const commands: Record<string, number> = {}
  for (const [, name = '', calls] of text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) commands[name] = Number(calls)
  return {
    redis: { bytesIn: field('total_net_input_bytes'), bytesOut: field('total_net_output_bytes') },
    commands,
    cpuUs: Math.round((field('used_cpu_user') + field('used_cpu_sys')) * 1e6),
  }
}

/** Commands of all processes, by their name there. */
export function commandsAsked(texts: readonly string[]): Counters {
  const asked: Record<string, number> = {}
  for (const text of texts) {
    for (const [, labels = '', value] of text.matchAll(/^meydan_redis_commands_total\{([^}]*)\} (\S+)/gm)) {
      const command = /command="([^"]+)"/.exec(labels)?.[1] ?? '?'
      asked[command] = (asked[command] ?? 0) + Number(value)
    }
  }
  return asked
}

/** Ticks of a process so far: all of them, those at most 2 ms late, and those that were skipped. */
export interface Ticks {
  readonly ran: number
  readonly clean: number
  readonly missed: number
}

export function ticksIn(text: string): Ticks {
  const value = (name: string): number => {
    const line = text.split('\n').find((each) => each.startsWith(`${name} `))
    return Number(line?.split(' ')[1] ?? 0)
  }
  return {
    ran: value('meydan_tick_lateness_seconds_count'),
    clean: value('meydan_tick_lateness_seconds_bucket{le="0.002"}'),
    missed: value('meydan_ticks_missed'),
  }
}

/** How often a process has answered a call well. */
export function answersOf(text: string, call: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`meydan_calls_total{call="${call}",code="OK"}`))
  return Number(line?.split(' ')[1] ?? 0)
}

import type { Dashboard } from './panels.ts'

/** The share of observations below which a fraction of them lie, from a histogram's buckets. */
const quantile = (fraction: number, buckets: string, by: string): string =>
  `histogram_quantile(${fraction}, sum by (${by}) (rate(${buckets}[$__rate_interval])))`

const players: Dashboard = {
  uid: 'players',
  title: 'players',
  choices: [],
  panels: [
    { title: 'Sockets', unit: 'short', lines: [{ query: 'meydan_sockets', name: '{{instance}}' }] },
    {
      title: 'Sessions, connected or kept for a resume',
      unit: 'short',
      lines: [{ query: 'meydan_sessions', name: '{{instance}}' }],
    },
    {
      title: 'Players in rooms, and who watches',
      unit: 'short',
      lines: [
        { query: 'sum(meydan_room_players)', name: 'players' },
        { query: 'sum(meydan_room_watchers)', name: 'watchers' },
      ],
    },
    {
      title: 'Players who wait for a match',
      unit: 'short',
      lines: [{ query: 'sum(meydan_queue_depth)', name: 'waiting' }],
    },
    {
      title: 'Accounts made, logins',
      unit: 'reqps',
      lines: [
        {
          query:
            'sum by (call) (rate(meydan_calls_total{call=~"identity.(guest|register|login)",code="OK"}[$__rate_interval]))',
          name: '{{call}}',
        },
      ],
    },
    {
      title: 'Events given to players',
      unit: 'ops',
      lines: [
        { query: 'sum by (instance) (rate(meydan_events_delivered_total[$__rate_interval]))', name: '{{instance}}' },
      ],
    },
  ],
}

const rooms: Dashboard = {
  uid: 'rooms',
  title: 'rooms',
  choices: [],
  panels: [
    { title: 'Rooms', unit: 'short', lines: [{ query: 'meydan_rooms', name: '{{instance}}' }] },
    {
      title: 'How late ticks run',
      unit: 's',
      lines: [
        {
          query: quantile(0.5, 'meydan_tick_lateness_seconds_bucket', 'instance, le'),
          name: 'half of them, {{instance}}',
        },
        {
          query: quantile(0.99, 'meydan_tick_lateness_seconds_bucket', 'instance, le'),
          name: '99 of 100, {{instance}}',
        },
      ],
    },
    {
      title: 'Ticks, and those left out after a stall',
      unit: 'ops',
      lines: [
        {
          query: 'sum by (instance) (rate(meydan_tick_lateness_seconds_count[$__rate_interval]))',
          name: 'run, {{instance}}',
        },
        { query: 'sum by (instance) (deriv(meydan_ticks_missed[$__rate_interval]))', name: 'left out, {{instance}}' },
      ],
    },
    {
      title: 'Snapshots sent to players',
      unit: 'Bps',
      lines: [
        { query: 'sum by (instance) (rate(meydan_room_frame_bytes_total[$__rate_interval]))', name: '{{instance}}' },
      ],
    },
    {
      title: 'Turn of the event loop, 99 of 100',
      unit: 's',
      lines: [{ query: 'nodejs_eventloop_lag_p99_seconds', name: '{{instance}}' }],
    },
    {
      title: 'CPU, of one core',
      unit: 'percentunit',
      lines: [{ query: 'sum by (instance) (rate(process_cpu_seconds_total[$__rate_interval]))', name: '{{instance}}' }],
    },
    { title: 'Memory', unit: 'bytes', lines: [{ query: 'process_resident_memory_bytes', name: '{{instance}}' }] },
    {
      title: 'Pauses of the garbage collector, share of the time',
      unit: 'percentunit',
      lines: [
        { query: 'sum by (instance) (rate(nodejs_gc_duration_seconds_sum[$__rate_interval]))', name: '{{instance}}' },
      ],
    },
  ],
}

/** Chosen by the contract's name, so that a service that is new is there without a change here. */
const calls: Dashboard = {
  uid: 'calls',
  title: 'calls',
  choices: [{ name: 'contract', values: { metric: 'meydan_calls_total', label: 'call', part: '^([^.]+)' } }],
  panels: [
    {
      title: 'Calls',
      unit: 'reqps',
      lines: [
        {
          query: 'sum by (call) (rate(meydan_calls_total{call=~"$contract\\\\..+"}[$__rate_interval]))',
          name: '{{call}}',
        },
      ],
    },
    {
      title: 'Refused and failed, by code',
      unit: 'reqps',
      lines: [
        {
          query: 'sum by (code) (rate(meydan_calls_total{call=~"$contract\\\\..+",code!="OK"}[$__rate_interval]))',
          name: '{{code}}',
        },
      ],
    },
    {
      title: 'Duration, half of them',
      unit: 's',
      lines: [
        {
          query: quantile(0.5, 'meydan_call_duration_seconds_bucket{call=~"$contract\\\\..+"}', 'call, le'),
          name: '{{call}}',
        },
      ],
    },
    {
      title: 'Duration, 99 of 100',
      unit: 's',
      lines: [
        {
          query: quantile(0.99, 'meydan_call_duration_seconds_bucket{call=~"$contract\\\\..+"}', 'call, le'),
          name: '{{call}}',
        },
      ],
    },
    { title: 'Calls that run now', unit: 'short', lines: [{ query: 'meydan_calls_open', name: '{{instance}}' }] },
    {
      title: 'From other processes, that run now',
      unit: 'short',
      lines: [{ query: 'meydan_mesh_open_calls', name: '{{instance}}' }],
    },
    {
      title: 'To other processes: tried again, and unanswered',
      unit: 'ops',
      lines: [
        { query: 'sum by (service) (rate(meydan_mesh_retries_total[$__rate_interval]))', name: 'again, {{service}}' },
        {
          query: 'sum by (service) (rate(meydan_mesh_failures_total[$__rate_interval]))',
          name: 'unanswered, {{service}}',
        },
      ],
    },
    {
      title: 'Circuit breakers: 0 closed, 1 open',
      unit: 'short',
      lines: [{ query: 'max by (service, address) (meydan_mesh_breaker_state)', name: '{{service}} {{address}}' }],
    },
  ],
}

const events: Dashboard = {
  uid: 'events',
  title: 'events and periodic work',
  choices: [],
  panels: [
    {
      title: 'Events that wait, by who hears them',
      unit: 'short',
      lines: [{ query: 'max by (group) (meydan_bus_depth)', name: '{{group}}' }],
    },
    {
      title: 'Events given up on',
      unit: 'short',
      lines: [{ query: 'max by (group) (meydan_bus_dead_letters)', name: '{{group}}' }],
    },
    {
      title: 'Oldest event not yet on the bus',
      unit: 's',
      lines: [{ query: 'max by (service) (meydan_outbox_lag_seconds)', name: '{{service}}' }],
    },
    {
      title: 'Events handled on Kafka, by who hears them',
      unit: 'ops',
      lines: [{ query: 'sum by (group) (rate(meydan_bus_consumed_total[$__rate_interval]))', name: '{{group}}' }],
    },
    {
      title: 'Commands to Redis, by outcome',
      unit: 'ops',
      lines: [{ query: 'sum by (code) (rate(meydan_redis_commands_total[$__rate_interval]))', name: '{{code}}' }],
    },
    {
      title: 'Until Redis answers, 99 of 100',
      unit: 's',
      lines: [
        { query: quantile(0.99, 'meydan_redis_command_duration_seconds_bucket', 'instance, le'), name: '{{instance}}' },
      ],
    },
    {
      title: 'Runs of periodic work',
      unit: 'ops',
      lines: [{ query: 'sum by (job) (rate(meydan_job_duration_seconds_count[$__rate_interval]))', name: '{{job}}' }],
    },
    {
      title: 'Runs that failed',
      unit: 'ops',
      lines: [{ query: 'sum by (job) (rate(meydan_job_failures_total[$__rate_interval]))', name: '{{job}}' }],
    },
  ],
}

export const dashboards: readonly Dashboard[] = [players, rooms, calls, events]

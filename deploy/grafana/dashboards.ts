import type { Dashboard, Line, Panel } from './panels.ts'

/** What a second adds to a counter, added up over all series that have these labels alike. */
const perS = (counter: string, by: string): string => `sum by (${by}) (rate(${counter}[$__rate_interval]))`

/** The share of observations below which a fraction of them lie, from a histogram's buckets. */
const quantile = (fraction: number, buckets: string, by: string): string =>
  `histogram_quantile(${fraction}, ${perS(buckets, `${by}, le`)})`

/** One line for each value of the label. */
const by = (label: string, query: string): readonly Line[] => [{ query, name: `{{${label}}}` }]

/** What each process tells of itself. */
const ofEach = (title: string, unit: Panel['unit'], query: string): Panel => ({
  title,
  unit,
  lines: by('instance', query),
})

const players: Dashboard = {
  uid: 'players',
  title: 'players',
  choices: [],
  panels: [
    ofEach('Sockets', 'short', 'meydan_sockets'),
    ofEach('Sessions, connected or kept for a resume', 'short', 'meydan_sessions'),
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
      // Each process that matches tells the same queue.
      lines: [{ query: 'max(meydan_queue_depth)', name: 'waiting' }],
    },
    {
      title: 'Accounts made, logins',
      unit: 'reqps',
      lines: by('call', perS('meydan_calls_total{call=~"identity.(guest|register|login)",code="OK"}', 'call')),
    },
    {
      title: 'Matches finished, by game',
      unit: 'ops',
      lines: by('game', perS('meydan_matches_total', 'game')),
    },
    ofEach('Events given to players', 'ops', perS('meydan_events_delivered_total', 'instance')),
  ],
}

const rooms: Dashboard = {
  uid: 'rooms',
  title: 'rooms',
  choices: [],
  panels: [
    ofEach('Rooms', 'short', 'meydan_rooms'),
    {
      title: 'How late ticks run',
      unit: 's',
      lines: [
        {
          query: quantile(0.5, 'meydan_tick_lateness_seconds_bucket', 'instance'),
          name: 'half of them, {{instance}}',
        },
        {
          query: quantile(0.99, 'meydan_tick_lateness_seconds_bucket', 'instance'),
          name: '99 of 100, {{instance}}',
        },
      ],
    },
    {
      title: 'Ticks, and those left out after a stall',
      unit: 'ops',
      lines: [
        { query: perS('meydan_tick_lateness_seconds_count', 'instance'), name: 'run, {{instance}}' },
        { query: 'sum by (instance) (deriv(meydan_ticks_missed[$__rate_interval]))', name: 'left out, {{instance}}' },
      ],
    },
    ofEach('Snapshots sent to players', 'Bps', perS('meydan_room_frame_bytes_total', 'instance')),
    ofEach('Gateways with lines into rooms of other processes', 'short', 'meydan_room_gateways'),
    ofEach('Snapshots lost on the way to a slow gateway', 'ops', perS('meydan_room_frames_dropped_total', 'instance')),
  ],
}

/** Chosen by the contract's name, so that a service that is new is there without a change here. */
const CHOSEN = 'call=~"$contract\\\\..+"'
const calls: Dashboard = {
  uid: 'calls',
  title: 'calls',
  choices: [{ name: 'contract', values: { metric: 'meydan_calls_total', label: 'call', part: '^([^.]+)' } }],
  panels: [
    { title: 'Calls', unit: 'reqps', lines: by('call', perS(`meydan_calls_total{${CHOSEN}}`, 'call')) },
    {
      title: 'Refused and failed, by code',
      unit: 'reqps',
      lines: by('code', perS(`meydan_calls_total{${CHOSEN},code!="OK"}`, 'code')),
    },
    {
      title: 'Duration, half of them',
      unit: 's',
      lines: by('call', quantile(0.5, `meydan_call_duration_seconds_bucket{${CHOSEN}}`, 'call')),
    },
    {
      title: 'Duration, 99 of 100',
      unit: 's',
      lines: by('call', quantile(0.99, `meydan_call_duration_seconds_bucket{${CHOSEN}}`, 'call')),
    },
    ofEach('Calls that run now', 'short', 'meydan_calls_open'),
    ofEach('From other processes, that run now', 'short', 'meydan_mesh_open_calls'),
    {
      title: 'To other processes: tried again, and unanswered',
      unit: 'ops',
      lines: [
        { query: perS('meydan_mesh_retries_total', 'service'), name: 'again, {{service}}' },
        { query: perS('meydan_mesh_failures_total', 'service'), name: 'unanswered, {{service}}' },
      ],
    },
    {
      title: 'Circuit breakers: 0 closed, 1 open',
      unit: 'short',
      lines: [{ query: 'max by (service, address) (meydan_mesh_breaker_state)', name: '{{service}} {{address}}' }],
    },
    {
      title: 'Share of the calls that a process may have at once',
      unit: 'percentunit',
      lines: [{ query: 'max by (service, address) (meydan_mesh_bulkhead_used)', name: '{{service}} {{address}}' }],
    },
    {
      title: 'Processes that answer for a service, as whoever knows the fewest sees it',
      unit: 'short',
      lines: by('service', 'min by (service) (meydan_mesh_addresses)'),
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
      lines: by('group', 'max by (group) (meydan_bus_depth)'),
    },
    { title: 'Events given up on', unit: 'short', lines: by('group', 'max by (group) (meydan_bus_dead_letters)') },
    {
      title: 'Oldest event not yet on the bus',
      unit: 's',
      lines: by('service', 'max by (service) (meydan_outbox_lag_seconds)'),
    },
    {
      title: 'Events handled on Kafka, by who hears them',
      unit: 'ops',
      lines: by('group', perS('meydan_bus_consumed_total', 'group')),
    },
    { title: 'Runs of periodic work', unit: 'ops', lines: by('job', perS('meydan_job_duration_seconds_count', 'job')) },
    { title: 'Runs that failed', unit: 'ops', lines: by('job', perS('meydan_job_failures_total', 'job')) },
  ],
}

const cluster: Dashboard = {
  uid: 'cluster',
  title: 'processes',
  choices: [],
  panels: [
    {
      title: 'Processes, by what they do',
      unit: 'short',
      lines: by('roles', 'count by (roles) (meydan_process_info)'),
    },
    {
      title: 'Processes, by version',
      unit: 'short',
      lines: by('version', 'count by (version) (meydan_process_info)'),
    },
    ofEach('CPU, of one core', 'percentunit', perS('process_cpu_seconds_total', 'instance')),
    ofEach('Memory', 'bytes', 'process_resident_memory_bytes'),
    ofEach('Turn of the event loop, 99 of 100', 's', 'nodejs_eventloop_lag_p99_seconds'),
    ofEach(
      'Pauses of the garbage collector, share of the time',
      'percentunit',
      perS('nodejs_gc_duration_seconds_sum', 'instance'),
    ),
    {
      title: 'Commands to Redis, by outcome',
      unit: 'ops',
      lines: by('code', perS('meydan_redis_commands_total', 'code')),
    },
    ofEach('Connected to Redis: 1, or 0', 'short', 'meydan_redis_connected'),
    ofEach(
      'Until Redis answers, 99 of 100',
      's',
      quantile(0.99, 'meydan_redis_command_duration_seconds_bucket', 'instance'),
    ),
  ],
}

const MOVES = 'call=~"wallet\\\\.(transfer|hold|post|void|reverse|faucet|setBalance)"'
const money: Dashboard = {
  uid: 'money',
  title: 'money and rewards',
  choices: [],
  panels: [
    {
      title: 'What is asked of the ledger',
      unit: 'reqps',
      lines: by('call', perS(`meydan_calls_total{${MOVES}}`, 'call')),
    },
    {
      title: 'Refused and failed, by code',
      unit: 'reqps',
      lines: by('code', perS(`meydan_calls_total{${MOVES},code!="OK"}`, 'code')),
    },
    {
      title: 'Until money has moved, 99 of 100',
      unit: 's',
      lines: by('call', quantile(0.99, `meydan_call_duration_seconds_bucket{${MOVES}}`, 'call')),
    },
    {
      title: 'What the last audit found that cannot be: nothing',
      unit: 'short',
      // Each process of the wallet tells of the same books.
      lines: [{ query: 'max(meydan_ledger_findings)', name: 'findings' }],
    },
    ofEach('Lobbies of the crash game that are awake', 'short', 'meydan_crash_lobbies'),
    {
      title: 'Until a bet is placed, or cashed out, 99 of 100',
      unit: 's',
      lines: by('call', quantile(0.99, 'meydan_call_duration_seconds_bucket{call=~"crash\\\\.(bet|cashOut)"}', 'call')),
    },
    {
      title: 'How late lobbies tick, 99 of 100',
      unit: 's',
      lines: by('instance', quantile(0.99, 'meydan_crash_tick_lateness_seconds_bucket', 'instance')),
    },
    {
      title: 'Rewards given and claimed',
      unit: 'reqps',
      lines: by(
        'call',
        perS('meydan_calls_total{call=~"rewards\\\\.(grant|give|claim|claimAll|claimDaily)",code="OK"}', 'call'),
      ),
    },
  ],
}

export const dashboards: readonly Dashboard[] = [players, rooms, calls, events, cluster, money]

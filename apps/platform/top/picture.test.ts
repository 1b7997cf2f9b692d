import { expect, test } from 'vitest'
import type { Measured } from './measuring.ts'
import type { Listed, Overview } from './overview.ts'
import { type Frame, picture } from './picture.ts'

const FIGURES: Measured = {
  upS: 3_700,
  cpu: 0.25,
  lagMs: 12,
  rssBytes: 200 * 1_048_576,
  heapBytes: 60 * 1_048_576,
  rooms: 3,
  players: 12,
  watchers: 0,
  lateMs: 0.8,
  sockets: undefined,
  sessions: undefined,
  callsPerS: 12_345,
  errorsPerS: 0,
}

const node = (number: number, more: Partial<Listed> = {}): Listed => ({
  name: `node-${number}`,
  url: `http://10.0.0.${number}:4000`,
  roles: 'services:identity,players,matchmaking,bots',
  version: '0.1.0',
  region: 'local',
  state: 'ready',
  silentSinceMs: undefined,
  measured: FIGURES,
  ...more,
})

const platform = (processes: readonly Listed[], more: Partial<Overview['totals']> = {}): Overview => ({
  atMs: new Date(2026, 0, 2, 17, 40, 12).getTime(),
  processes,
  stores: [{ name: 'redis', troubles: [] }],
  totals: {
    rooms: 3,
    players: 12,
    watchers: 0,
    lateMs: 0.8,
    sockets: 12,
    sessions: 13,
    callsPerS: 12_345,
    errorsPerS: 0,
    queued: 2,
    eventsWaiting: 0,
    outboxLagS: 0,
    deadLetters: {},
    ...more,
  },
})

const FRAME: Frame = { width: 80, rows: 100, from: 0, sortedBy: 'NODE', paint: (_look, text) => text }
const HEADER = 6

/** The lines of processes, cut into words. */
const rowsOf = (lines: readonly string[], count: number): string[][] =>
  lines.slice(HEADER + 1, HEADER + 1 + count).map((line) => line.trim().split(/\s+/))

test('C10 the platform and each process, within eighty columns', () => {
  const lines = picture(platform([node(1)]), FRAME)
  expect(lines.slice(0, 5)).toEqual([
    'Meydan   0.1.0   1 process   17:40:12',
    'Players  12 in 3 rooms   0 watch   2 wait   12 sockets   13 sessions',
    'Calls    12.3k/s   0/s failed   ticks 0.8 ms late',
    'Events   0 wait   outbox 0.0 s   0 dead',
    'Stores   redis ok',
  ])
  expect(lines[HEADER]?.split(/\s+/)).toEqual([
    'NODE',
    'ROLES',
    'UP',
    'CPU%',
    'LAGms',
    'RSSmb',
    'ROOMS',
    'PEOPLE',
    'LATE',
    'SOCKS',
    'CALL/s',
    'ERR/s',
  ])
  expect(rowsOf(lines, 1)).toEqual([
    ['1', 'services:ide…', '1h01m', '25', '12', '200', '3', '12', '0.8', '-', '12.3k', '0'],
  ])
})

test('C10 no line is wider than the terminal, however narrow or wide', () => {
  const seen = platform([node(1), node(2, { name: '192.168.100.100:4000', state: 'silent', silentSinceMs: 0 })], {
    deadLetters: { 'matchmaking.free-players': 100, 'leaderboards.forget': 2 },
  })
  for (const width of [40, 60, 80, 81, 100, 120, 200]) {
    const widest = Math.max(...picture(seen, { ...FRAME, width }).map(({ length }) => length))
    expect(widest).toBeLessThanOrEqual(width)
  }
})

test('C10 a wider terminal shows more', () => {
  const header = (width: number): string => picture(platform([node(1)]), { ...FRAME, width })[HEADER] ?? ''
  expect(header(80)).not.toContain('HEAPmb')
  expect(header(120)).toContain('HEAPmb')
  expect(header(200)).toMatch(/VERSION +REGION +ADDRESS/)
})

test('C10 sorted by a column the most comes first, by name the lowest number', () => {
  const seen = platform([
    node(10, { measured: { ...FIGURES, cpu: 0.1 } }),
    node(9, { measured: { ...FIGURES, cpu: 0.9 } }),
    node(8, { measured: undefined, state: 'silent' }),
  ])
  const names = (sortedBy: string): (string | undefined)[] =>
    rowsOf(picture(seen, { ...FRAME, sortedBy }), 3).map(([name]) => name)
  expect(names('NODE')).toEqual(['8', '9', '10'])
  expect(names('CPU%')).toEqual(['9', '10', '8'])
})

test('C10 of more processes than there are lines for, those from the wanted one on', () => {
  const seen = platform([1, 2, 3, 4].map((number) => node(number)))
  const lines = picture(seen, { ...FRAME, rows: 2, from: 1 })
  expect(rowsOf(lines, 2).map(([name]) => name)).toEqual(['2', '3'])
  expect(lines).toHaveLength(HEADER + 3)
})

test('C10 a process that does not answer is shown as such, with since when, and marked', () => {
  const marked: string[] = []
  const paint: Frame['paint'] = (look, text) => {
    if (look === 'bad') marked.push(text)
    return text
  }
  const silent = node(2, {
    roles: 'rooms',
    state: 'silent',
    measured: undefined,
    silentSinceMs: new Date(2026, 0, 2, 17, 39, 30).getTime(),
  })
  const lines = picture(platform([node(1), silent]), { ...FRAME, paint })
  expect(lines[0]).toContain('1 silent')
  expect(rowsOf(lines, 2)[1]?.slice(2)).toEqual(Array(10).fill('-'))
  expect(lines.at(-1)).toBe('! node-2 (rooms) does not answer since 17:39:30, for 42s')
  expect(marked).toContain(lines.at(-1))
})

test('C10 a store that is away, and late ticks, are marked', () => {
  const marked: string[] = []
  const paint: Frame['paint'] = (look, text) => {
    if (look === 'bad') marked.push(text.trim())
    return text
  }
  const troubles = [{ process: 'node-1', why: 'Redis is away.' }]
  const seen = { ...platform([node(1)], { lateMs: 9 }), stores: [{ name: 'redis', troubles }] }
  const lines = picture(seen, { ...FRAME, paint })
  expect(marked).toEqual(['ticks 9 ms late', 'redis away for 1', '! redis, says node-1: Redis is away.'])
  expect(lines.at(-1)).toContain('Redis is away.')
})

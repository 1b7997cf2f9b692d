import type { Kept, Results } from './results.ts'
import type { Chart, Tone } from './svg.ts'
import { bar, ms, percent, table, thousands, times } from './words.ts'

/** One benchmark on the page: what it says, its charts, and its figures. */
export interface Section {
  /** Of the charts' files. */
  readonly name: string
  readonly title: string
  readonly text: string
  readonly charts: readonly Chart[]
  readonly figures: string
  readonly kept: Kept
}

type Of<N extends keyof Results> = NonNullable<Results[N]>

/** Those that have been measured, in the order of the page. */
export function sectionsOf(results: Results): Section[] {
  const { arena, fanout, rest, idle, connect, ledger, crash, rewards, accounts, start } = results
  const match = results['match-start']
  return [
    arena && arenaSection(arena),
    fanout && fanoutSection(fanout),
    rest && restSection(rest),
    match && matchSection(match),
    idle && idleSection(idle),
    connect && connectSection(connect),
    ledger && ledgerSection(ledger),
    crash && crashSection(crash),
    rewards && rewardsSection(rewards),
    accounts && accountsSection(accounts),
    start && startSection(start),
  ].filter((section) => section !== undefined)
}

const ARENA_TONES: Readonly<Record<string, Tone>> = { meydan: 'ours', colyseus: 'peer', ws: 'floor' }

function arenaSection(arena: Of<'arena'>): Section {
  const found = arena.contestants.filter(({ p99Ms }) => p99Ms !== undefined)
  const rooms = found.map(({ contestant, roomsMax }) => bar(contestant, roomsMax, ARENA_TONES[contestant] ?? 'also'))
  const bytes = arena.entities.map(({ entities, meydan, colyseus }) => ({
    title: `${entities} moving avatars`,
    bars: [bar('meydan', meydan.bytesPerFrame, 'ours'), bar('colyseus', colyseus.bytesPerFrame, 'peer')],
  }))
  return {
    name: 'arena',
    title: 'Rooms a core ticks in time',
    text:
      'Rooms of five, each ticking every 15 ms with a snapshot to each player: the largest number of them of which 99 of 100 ticks are ' +
      'less than 2 ms late and none is missed. The bare `ws` loop has the same scene without rooms, seats or differences. Each player sends an ' +
      'input every 30 ms. How far one core goes is the kernel’s to say, a write for each snapshot and a read for each input: a loop that does ' +
      'little else stops sooner than ours, which is why 2.5 times Colyseus cannot be had here.',
    charts: [
      {
        title: 'Rooms of five on one core',
        unit: 'rooms that tick in time; more is better',
        groups: [{ bars: rooms }],
      },
      { title: 'Bytes of a snapshot', unit: 'bytes to one client, WebSocket included; less is better', groups: bytes },
    ],
    figures: table([
      ['', 'rooms', 'p99 late', 'bytes a snapshot', 'bytes a client and second', 'CPU of a room’s tick'],
      ...arena.contestants.map((row) => [
        row.what,
        row.p99Ms === undefined ? 'not found in time' : thousands(row.roomsMax),
        row.p99Ms === undefined ? '' : ms(row.p99Ms),
        row.bytesPerFrame === undefined ? '' : thousands(row.bytesPerFrame),
        row.bytesPerClientS === undefined ? '' : thousands(row.bytesPerClientS),
        row.cpuUsPerTick === undefined ? '' : `${row.cpuUsPerTick} µs`,
      ]),
    ]),
    kept: arena,
  }
}

function fanoutSection(fanout: Of<'fanout'>): Section {
  return {
    name: 'fanout',
    title: 'One event to many sockets',
    text:
      `An event is published to ${fanout.settings.sockets} sockets, one at a time or eight in one turn of the event loop, and every socket has it before ` +
      'the next. Counted per second of the server’s CPU time, so that neither clients nor waiting count.',
    charts: [
      {
        title: `Deliveries per second of CPU, ${fanout.settings.sockets} sockets`,
        unit: 'messages delivered; more is better',
        groups: fanout.results.map(({ textBytes, burst, perCpuSecond: { meydan, ws, socketio } }) => ({
          title: `${thousands(textBytes)} bytes, ${burst === 1 ? 'one event at a time' : `${burst} events a turn`}`,
          bars: [bar('meydan', meydan, 'ours'), bar('bare ws', ws, 'floor'), bar('Socket.IO', socketio, 'peer')],
        })),
      },
    ],
    figures: table([
      ['', 'of bare ws', 'of Socket.IO'],
      ...fanout.results.map(({ textBytes, burst, ofWs, ofSocketio }) => [
        `${thousands(textBytes)} bytes, ${burst} a turn`,
        times(ofWs),
        times(ofSocketio),
      ]),
    ]),
    kept: fanout,
  }
}

function restSection(rest: Of<'rest'>): Section {
  return {
    name: 'rest',
    title: 'A REST call',
    text:
      `A query with a player’s token over ${rest.connections} connections, through gateway, pipeline and handler, beside Fastify with Zod by the book, ` +
      'which has neither limits nor deadlines, traces, metrics and one format of errors.',
    charts: [
      {
        title: 'Requests a second on one core',
        unit: 'answers; more is better',
        groups: rest.routes.map(({ route, ours, bare }) => ({
          title: route,
          bars: [bar('meydan', ours.perS, 'ours'), bar('bare Fastify + Zod', bare.perS, 'floor')],
        })),
      },
    ],
    figures: table([
      ['', 'of bare', 'of bare by CPU time', 'p50', 'p99', 'CPU of one'],
      ...rest.routes.map(({ route, ratio, ratioCpu, ours }) => [
        route,
        times(ratio),
        times(ratioCpu),
        ms(ours.p50Ms),
        ms(ours.p99Ms),
        `${ours.cpuUs} µs`,
      ]),
    ]),
    kept: rest,
  }
}

function matchSection(match: Of<'match-start'>): Section {
  return {
    name: 'match-start',
    title: 'A match begins',
    text: `From the third player’s ask to the last of the three having heard where to play; ${match.rounds} times. The budget is held against nine of ten.`,
    charts: [
      {
        title: 'From the last ask to a started match',
        unit: 'milliseconds; less is better',
        groups: [
          {
            bars: [
              bar('half of all', match.p50Ms, 'ours', ms(match.p50Ms)),
              bar('nine of ten', match.p90Ms, 'ours', ms(match.p90Ms)),
              bar('the slowest', match.maxMs, 'also', ms(match.maxMs)),
            ],
          },
        ],
        limit: { value: match.budgetMs, text: `budget ${match.budgetMs} ms` },
      },
    ],
    figures: table([
      ['p50', 'p90', 'p99', 'max'],
      [ms(match.p50Ms), ms(match.p90Ms), ms(match.p99Ms), ms(match.maxMs)],
    ]),
    kept: match,
  }
}

const IDLE_NAMES = { meydan: 'players', 'meydan-anonymous': 'without a token', ws: 'bare ws' } as const
const IDLE_TONES = { meydan: 'ours', 'meydan-anonymous': 'also', ws: 'floor' } as const
const MIB = 2 ** 20

function idleSection(idle: Of<'idle'>): Section {
  const most = Math.max(...idle.results.map(({ sockets }) => sockets))
  const limitMib = idle.budget.bytesMax / MIB
  return {
    name: 'idle',
    title: 'Sockets that only listen',
    text:
      `${thousands(most)} sockets on one core${most < idle.budget.sockets ? ` (as many as files may be open where this was measured; ${thousands(idle.budget.sockets)} would take ${thousands(idle.mibAtBudget)} MiB)` : ''}, ` +
      'each a session with its topic, its place for a resume, and pings; a player’s also keeps its presence. Memory is what the whole platform ' +
      'has resident after having idled, its garbage uncollected; Postgres is not in it. Heartbeats are spread over their 15 s, so that no room waits for them.',
    charts: [
      {
        title: `Memory with ${thousands(most)} idle sockets`,
        unit: 'MiB resident; less is better',
        groups: [
          {
            bars: idle.results.map(({ contestant, rssBeforeMib, rssIdleMib }) => ({
              label: IDLE_NAMES[contestant],
              text: `${thousands(rssIdleMib)} MiB`,
              segments: [
                { value: rssBeforeMib, tone: 'other', name: 'the process itself' },
                {
                  value: Math.max(0, rssIdleMib - rssBeforeMib),
                  tone: IDLE_TONES[contestant],
                  name: IDLE_NAMES[contestant],
                },
              ],
            })),
          },
        ],
        limit: { value: limitMib, text: `budget ${thousands(limitMib)} MiB` },
        legend: true,
      },
    ],
    figures: table([
      ['', 'sockets', 'bytes each', 'CPU while idle', 'loop late at most'],
      ...idle.results.map((row) => [
        IDLE_NAMES[row.contestant],
        thousands(row.sockets),
        thousands(row.bytesPerSocket),
        `${percent(row.cpuShare)} of a core`,
        ms(row.loopDelayMaxMs),
      ]),
    ]),
    kept: idle,
  }
}

function connectSection(connect: Of<'connect'>): Section {
  const tones: Readonly<Record<string, Tone>> = { ws: 'floor', 'meydan without': 'also' }
  return {
    name: 'connect',
    title: 'Connecting',
    text:
      `From the first packet to the welcome, ${connect.inFlight} at once, each gone again as soon as it is welcome. A token is checked by its Ed25519 signature, ` +
      'which takes some 110 µs of any processor like this one; one that was seen before is remembered. Where neither the server nor the load had nearly all ' +
      'of its core, something else ran on this machine, and only the CPU time of one says something.',
    charts: [
      {
        title: 'Connections a second on one core',
        unit: 'sockets that got their welcome; more is better',
        groups: [
          { bars: connect.results.map(({ contestant, perS }) => bar(contestant, perS, tones[contestant] ?? 'ours')) },
        ],
      },
    ],
    figures: table([
      ['', 'a second', 'p50 to the welcome', 'p99', 'CPU of one', 'core had', 'the load’s'],
      ...connect.results.map(({ contestant, perS, p50Ms, p99Ms, cpuUs, serverCore, loadCore }) => [
        contestant,
        thousands(perS),
        ms(p50Ms),
        ms(p99Ms),
        `${thousands(cpuUs)} µs`,
        percent(serverCore),
        percent(loadCore),
      ]),
    ]),
    kept: connect,
  }
}

function crashSection(crash: Of<'crash'>): Section {
  const named = crash.results.map((row) => ({
    ...row,
    name: `${thousands(row.players)} players${row.ticks ? ', told of each tick' : ''}`,
  }))
  const { budget } = crash
  return {
    name: 'crash',
    title: 'Rounds of the crash game',
    text:
      'All players of one lobby bet in each round, each at a socket of their own; half of them cash out by hand. From a call being sent to its answer having been read by a load that ' +
      `reads all that everybody is told; Postgres shares its core. The budget is a p99 of ${ms(budget.p99Ms)} with ${thousands(budget.players)} players, for both.`,
    charts: [
      {
        title: 'Until a bet is placed, or cashed out, 99 of 100',
        unit: 'milliseconds; less is better',
        groups: named.map(({ name, bets, cashOuts }) => ({
          title: name,
          bars: [
            bar('bets', bets.p99Ms, 'also', ms(bets.p99Ms)),
            bar('cash-outs', cashOuts.p99Ms, 'ours', ms(cashOuts.p99Ms)),
          ],
        })),
      },
    ],
    figures: table([
      ['', 'bets p50', 'p99', 'cash-outs p50', 'p99', 'of the server’s core'],
      ...named.map(({ name, bets, cashOuts, serverCore }) => [
        name,
        ms(bets.p50Ms),
        ms(bets.p99Ms),
        ms(cashOuts.p50Ms),
        ms(cashOuts.p99Ms),
        percent(serverCore),
      ]),
    ]),
    kept: crash,
  }
}

function rewardsSection(rewards: Of<'rewards'>): Section {
  const { recipients, tookS, perS, alone, beside } = rewards.inbox
  return {
    name: 'rewards',
    title: 'Rewards',
    text:
      `A message with a reward reaches ${thousands(recipients)} inboxes in ${times(tookS)} s, ${thousands(perS)} a second, each written once by the bus’s consumer. Other calls ` +
      `meanwhile: a p99 of ${ms(beside.p99Ms)}, ${ms(alone.p99Ms)} before. The fast path is a call that gives one player one thing at once, exactly once.`,
    charts: [
      {
        title: 'Given at once',
        unit: 'rewards a second; more is better',
        groups: [{ bars: rewards.fast.map(({ type, perS: each }) => bar(type, each, 'ours')) }],
      },
    ],
    figures: table([
      ['', 'a second', 'p50', 'p99'],
      ...rewards.fast.map(({ type, perS: each, p50Ms, p99Ms }) => [type, thousands(each), ms(p50Ms), ms(p99Ms)]),
    ]),
    kept: rewards,
  }
}

const LEDGER_TONES: Readonly<Record<string, Tone>> = { pgbench: 'peer', 'pgbench, to one row': 'floor' }

function ledgerSection(ledger: Of<'ledger'>): Section {
  const named = ledger.contestants.map((row) => ({
    ...row,
    name: row.contestant.startsWith('pgbench') ? row.contestant : `meydan, ${row.contestant}`,
  }))
  return {
    name: 'ledger',
    title: 'Transfers of money',
    text:
      `The wallet called by another service of its process, ${ledger.clients} requests at once, Postgres flushing to disk on the other core. Requests that come while a ` +
      'transaction is under way share the next one. Beside it pgbench sends the statements of one transfer, prepared, over as many connections. The house has no balance that anybody ' +
      `waits for: all paying it goes ${times(ledger.houseRatio)} times as fast as paying each other; the last row is pgbench where everybody pays to one row.`,
    charts: [
      {
        title: 'Transfers a second',
        unit: 'acknowledged, a hold with its post counted as one; more is better',
        groups: [
          { bars: named.map(({ name, contestant, perS }) => bar(name, perS, LEDGER_TONES[contestant] ?? 'ours')) },
        ],
      },
    ],
    figures: table([
      ['', 'a second', 'p50', 'p99', 'CPU: wallet', 'CPU: Postgres'],
      ...named.map(({ name, perS, p50Ms, p99Ms, ownUs, postgresUs }) => [
        name,
        thousands(perS),
        ms(p50Ms),
        ms(p99Ms),
        ownUs === null ? '' : `${thousands(ownUs)} µs`,
        postgresUs === null ? '' : `${thousands(postgresUs)} µs`,
      ]),
    ]),
    kept: ledger,
  }
}

function accountsSection(accounts: Of<'accounts'>): Section {
  const { nakama } = accounts
  const kinds = [...new Set(accounts.results.map(({ kind }) => kind))]
  const published: Readonly<Record<string, number>> = {
    'register device': nakama['register device'],
    'log in device': nakama['log in device'],
  }
  return {
    name: 'accounts',
    title: 'Registrations and sign-ins',
    text:
      'Over REST, the platform on one core, its Postgres flushing to disk beside it on the same core or on the other. ' +
      `Passwords are hashed with ${accounts.passwordHash}, which is nearly all that a sign-in with a password costs; one hash at a time, so that rooms keep ticking. ` +
      `Nakama [publishes](${nakama.source}) ${times(nakama['register device'])} and ${times(nakama['log in device'])} a second for ${nakama.what}: ` +
      'to be read beside the rows of devices with Postgres on the other core, on other hardware than ours, and offered by its load generator rather than ' +
      'the most it could do. (Where Nakama has passwords, it hashes them with bcrypt at Go’s default cost of 10.)',
    charts: [
      {
        title: 'Registrations and sign-ins a second',
        unit: 'the platform on one core; more is better',
        groups: kinds.map((kind) => ({
          title: kind,
          bars: [
            ...accounts.results
              .filter((row) => row.kind === kind)
              .map(({ postgres, perS }, index) =>
                bar(`Postgres on ${postgres}`, perS, index === 0 ? 'ours' : 'also', thousands(perS)),
              ),
            ...(published[kind] === undefined ? [] : [bar('Nakama, published', published[kind], 'published')]),
          ],
        })),
      },
    ],
    figures: table([
      ['', 'Postgres on', 'a second', 'p50', 'p99', 'CPU: platform', 'CPU: Postgres', 'core had'],
      ...accounts.results.map((row) => [
        row.kind,
        row.postgres,
        thousands(row.perS),
        ms(row.p50Ms),
        ms(row.p99Ms),
        `${thousands(row.platformUs)} µs`,
        row.postgresUs === null ? '' : `${thousands(row.postgresUs)} µs`,
        percent(row.serverCore),
      ]),
    ]),
    kept: accounts,
  }
}

const PART_TONES: readonly Tone[] = ['floor', 'also', 'peer', 'other', 'ours', 'published']

function startSection(start: Of<'start'>): Section {
  return {
    name: 'start',
    title: 'From npm start to ready',
    text: `Installed and built, medians of ${start.runs}. The first start on an empty folder also makes the database.`,
    charts: [
      {
        title: 'npm start to ready',
        unit: 'milliseconds; less is better',
        groups: [
          {
            bars: start.results.map(({ what, medianMs, parts }) => ({
              label: what,
              text: ms(medianMs),
              segments: parts.map(({ part, ms: value }, index) => ({
                value,
                tone: PART_TONES[index] ?? 'other',
                name: part,
              })),
            })),
          },
        ],
        limit: { value: start.budgetMs, text: `budget ${thousands(start.budgetMs)} ms` },
        legend: true,
      },
    ],
    figures: table([
      ['', 'median', 'slowest', ...(start.results[0]?.parts.map(({ part }) => part) ?? [])],
      ...start.results.map(({ what, medianMs, maxMs, parts }) => [
        what,
        ms(medianMs),
        ms(maxMs),
        ...parts.map((part) => ms(part.ms)),
      ]),
    ]),
    kept: start,
  }
}

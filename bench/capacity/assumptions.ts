/** What the model takes for granted, and why. Everything else in it is measured. */
export const ASSUMPTIONS = {
  /** Of a core that a process is given, or a Redis: above it, queues grow faster than work (M/M/1: at 0.6 a call waits 1.5 times its own time). */
  utilisation: { value: 0.6, unit: '', source: 'M/M/1: at 0.6 a call waits one and a half times as long as it takes' },
  socketsPerGateway: { value: 20_000, unit: '', source: 'DESIGN §9, measured by `npm run bench -- idle`' },
  roomsPerProcess: { value: 300, unit: '', source: '`MEYDAN_ROOMS_MAX` as it ships' },
  seatsTaken: { value: 4, unit: 'players a room', source: 'A2: rooms hold three to five' },
  waitS: {
    value: 5,
    unit: 's in the queue',
    source: 'a third player comes in that time, or bots do (`MEYDAN_BOT_WAIT_MS` is 10 s)',
  },
  newPart: { value: 0.05, unit: 'of those who arrive sign up', source: 'a guess, to be replaced by one’s own figures' },
  packetBytes: { value: 66, unit: 'bytes around a frame', source: 'Ethernet 14, IPv4 20, TCP with timestamps 32' },
  redisServers: { value: 1, unit: '', source: 'the driver takes no cluster of several servers (`drivers/redis`)' },
  postgresCores: { value: 64, unit: '', source: 'the largest machine one would rent for one database' },
  postgresConnections: { value: 1_000, unit: '', source: 'what a Postgres is run with without a pooler before it' },
  pool: { value: 16, unit: 'connections a process', source: '`MEYDAN_POSTGRES_POOL` as it ships' },
  processNumbers: { value: 1_024, unit: '', source: 'ten bits of every id (`kernel/ids`)' },
  matchingProcesses: {
    value: 2,
    unit: '',
    source: 'two, so that one may go; each looks at the queue four times a second',
  },
} as const satisfies Record<string, Assumption>

interface Assumption {
  readonly value: number
  readonly unit: string
  readonly source: string
}

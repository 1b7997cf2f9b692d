import { expect, test } from 'vitest'
import { COUNTED, type Cost, type Costs, type Demand, needOf, ROLES, ratesOf } from './model.ts'

const DEMAND: Demand = { players: 120_000, playing: 0.5, matchS: 100, sessionS: 1_000 }

/** The same CPU time in every role, and one of everything that is counted. */
function cost(us: number): Cost {
  const all = (names: readonly string[], value: number) => Object.fromEntries(names.map((name) => [name, value]))
  return { cpuUs: all(ROLES, us) as Cost['cpuUs'], counted: all(COUNTED, us === 0 ? 0 : 1) as Cost['counted'] }
}

const COSTS: Costs = {
  online: cost(10),
  playing: cost(0),
  queued: cost(0),
  match: cost(0),
  signUp: cost(0),
  signIn: cost(0),
  lookUsPerRoom: { services: 0, postgres: 0 },
  bytesPerSocket: 1_000,
  bytesPerProcess: 1_000_000,
  net: {
    toClientBytes: 100,
    fromClientBytes: 10,
    snapshots: 2,
    inputs: 1,
    roomsToGatewayBytes: 20,
    gatewayToRoomsBytes: 5,
  },
}

test('half of the players, four in a room, make rooms, matches and a queue', () => {
  const rates = ratesOf(DEMAND)
  expect(rates).toMatchObject({ playing: 60_000, rooms: 15_000, match: 150, queued: 3_000 })
  expect(rates.signUp + rates.signIn).toBe(120)
})

test('cores are what one of everything costs, times how many there are, in each role', () => {
  expect(needOf(COSTS, DEMAND).cores.services).toBeCloseTo(1.2)
  const dearer = { ...COSTS, playing: cost(100), match: cost(10_000), queued: cost(50), signIn: cost(1_000) }
  const { cores } = needOf(dearer, DEMAND)
  // 1.2 online, 6 playing, 1.5 for matches, 0.15 waiting, 114 of 120 arrivals sign in.
  for (const role of ROLES) expect(cores[role]).toBeCloseTo(1.2 + 6 + 1.5 + 0.15 + 0.114)
})

test('a look of the matcher costs each process that looks, for each room, and its time is a limit of its own', () => {
  const need = needOf({ ...COSTS, lookUsPerRoom: { services: 10, postgres: 20 } }, DEMAND)
  expect(need.cores.services).toBeCloseTo(1.2 + 0.3)
  expect(need.cores.postgres).toBeCloseTo(1.2 + 0.6)
  expect(need.limits.find(({ what }) => what === 'the matcher of a game')?.used).toBeCloseTo(0.9)
})

test('there are as many gateways as sockets or CPU time ask for, and as many rooms processes as rooms do', () => {
  const { processes, gatewayBytes } = needOf(COSTS, DEMAND)
  expect(processes).toEqual({ gateway: 6, rooms: 50, services: 2, jobs: 2 })
  expect(gatewayBytes).toBe(120_000 * 1_000 + 6 * 1_000_000)
  expect(needOf({ ...COSTS, online: cost(100) }, DEMAND).processes.gateway).toBe(20)
})

test('what comes and goes over the network has its packets’ headers', () => {
  const { net } = needOf(COSTS, DEMAND)
  expect(net).toEqual({ out: 60_000 * (100 + 2 * 66), in: 60_000 * (10 + 66), lines: 60_000 * 25 })
})

test('what is full first comes first, and is full at the players it names', () => {
  const { limits } = needOf(COSTS, DEMAND)
  expect(limits.map(({ used }) => used)).toEqual(limits.map(({ used }) => used).toSorted((a, b) => b - a))
  const redis = limits.find(({ what }) => what === 'Redis')
  expect(redis?.used).toBeCloseTo(2)
  const there = needOf(COSTS, { ...DEMAND, players: redis?.players ?? 0 })
  expect(there.limits.find(({ what }) => what === 'Redis')?.used).toBeCloseTo(1)
})

import { type ServiceEdge, serviceEdge } from '@meydan/conformance/edge'
import { Fault } from '@meydan/contracts/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NOON, nameOf, openWorld, type World } from './tests/world.ts'

let world: World
let edge: ServiceEdge
beforeAll(async () => {
  world = await openWorld()
  edge = await serviceEdge(world.service, world.made.kit)
  const people = Array.from({ length: 12 }, (_, index) => ({ playerId: String(10 + index), tenths: 1_000 - 5 * index }))
  await world.deliver(world.finished({ game: 'arena', endedAtMs: NOON, people }))
})
afterAll(async () => {
  await edge.close()
  await world.made.close()
})

const ALL = ['top', 'around', 'rank'] as const
const PERSONAL = ['around', 'rank'] as const
const line = (rank: number) => {
  const playerId = String(9 + rank)
  return { rank, playerId, name: nameOf(playerId), score: (1_000 - 5 * (rank - 1)) / 10 }
}

test('A9 each procedure answers: the best ten for anybody, lines around and the own line for a player', async () => {
  const lines = Array.from({ length: 10 }, (_, index) => line(index + 1))
  expect(await edge.get('/v1/leaderboards/arena/top')).toMatchObject({ status: 200, body: { lines } })
  const around = [4, 5, 6, 7, 8].map(line)
  expect(await edge.get('/v1/leaderboards/arena/around?period=daily', '15')).toMatchObject({
    status: 200,
    body: { lines: around },
  })
  expect((await edge.get('/v1/leaderboards/arena/rank?period=weekly', '15')).body).toEqual({ line: line(6) })
  expect((await edge.get('/v1/leaderboards/arena/rank', '9')).body).toEqual({ line: null })
  expect((await edge.get('/v1/leaderboards/arena/around', '9')).body).toEqual({ lines: [] })
  expect((await edge.get('/v1/leaderboards/chess/top')).body).toEqual({ lines: [] })
})

test.each(ALL)('L6 C9 %s of a game that is not offered is UNKNOWN_GAME', async (name) => {
  const refused = { status: 404, code: 'UNKNOWN_GAME', field: 'game' }
  for (const game of ['no-such', 'ARENA', '%00', "arena'--", '__proto__', 'constructor']) {
    expect(await edge.get(`/v1/leaderboards/${game}/${name}`, '15'), game).toMatchObject(refused)
  }
})

test.each(ALL)(
  'C9 %s refuses a period that is none, a game’s name that is too long and a field it does not have',
  async (name) => {
    const refusals = [
      ['arena', 'period=monthly', 'period'],
      ['arena', 'period=', 'period'],
      ['arena', 'period=daily&period=all', 'period'],
      ['arena', 'more=1', 'more'],
      ['x'.repeat(33), 'period=all', 'game'],
    ] as const
    for (const [game, search, field] of refusals) {
      const answer = await edge.get(`/v1/leaderboards/${game}/${name}?${search}`, '15')
      expect(answer, search).toMatchObject({ status: 400, code: 'INVALID_INPUT', field })
    }
  },
)

test.each([
  ['top', 100],
  ['around', 50],
] as const)('C9 %s gives 1 to %i lines, and refuses any other number', async (name, most) => {
  for (const limit of [0, -1, most + 1, 1.5, 'ten', 1e21, 'NaN']) {
    const answer = await edge.get(`/v1/leaderboards/arena/${name}?limit=${limit}`, '15')
    expect(answer, String(limit)).toMatchObject({ status: 400, code: 'INVALID_INPUT', field: 'limit' })
  }
  expect((await edge.get(`/v1/leaderboards/arena/${name}?limit=1`, '10')).body).toEqual({ lines: [line(1)] })
  expect((await edge.get(`/v1/leaderboards/arena/${name}?limit=${most}`, '15')).status).toBe(200)
})

test('C9 rank takes no limit', async () => {
  const answer = await edge.get('/v1/leaderboards/arena/rank?limit=5', '15')
  expect(answer).toMatchObject({ status: 400, code: 'INVALID_INPUT', field: 'limit' })
})

test.each(PERSONAL)('C9 %s is for who is signed in', async (name) => {
  const refused = { status: 401, code: 'UNAUTHENTICATED' }
  expect(await edge.get(`/v1/leaderboards/arena/${name}`)).toMatchObject(refused)
  expect(await edge.get(`/v1/leaderboards/arena/${name}`, 'forged')).toMatchObject(refused)
})

test('C9 a token that is not good is refused where none is needed, too', async () => {
  expect(await edge.get('/v1/leaderboards/arena/top', 'forged')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
})

test.each(ALL)('C9 while names cannot be had, %s says so with the code it was given', async (name) => {
  const { kit } = world.made
  const away = await serviceEdge(world.service, {
    ...kit,
    call: { players: { ...kit.call.players, names: () => Promise.reject(new Fault('UNAVAILABLE', 503, 'away')) } },
  })
  try {
    expect(await away.get(`/v1/leaderboards/arena/${name}`, '15')).toMatchObject({ status: 503, code: 'UNAVAILABLE' })
  } finally {
    await away.close()
  }
})

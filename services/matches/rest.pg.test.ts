import { type ServiceEdge, serviceEdge } from '@meydan/conformance/edge'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from './tests/world.ts'

let world: World
let edge: ServiceEdge
beforeAll(async () => {
  world = await openWorld()
  edge = await serviceEdge(world.service, world.made.kit)
  for (const roomId of ['10', '11', '12']) {
    await world.deliver(
      world.ended(roomId, [
        { playerId: '1', rank: 1 },
        { playerId: '2', rank: 2 },
      ]),
    )
  }
})
afterAll(async () => {
  await edge.close()
  await world.made.close()
})

const invalid = (field: string) => ({ status: 400, code: 'INVALID_INPUT', field })

test('A7 each procedure answers: a match to anybody signed in, the own matches and rating', async () => {
  expect(await edge.get('/v1/matches/11', '7')).toMatchObject({ status: 200, body: { matchId: '11', game: 'arena' } })
  const mine = await edge.get('/v1/matches?limit=2&before=12', '2')
  expect(mine).toMatchObject({ status: 200, body: { matches: [{ matchId: '11' }, { matchId: '10' }] } })
  expect((await edge.get('/v1/matches', '7')).body).toEqual({ matches: [] })
  expect(await edge.get('/v1/ratings/arena', '1')).toMatchObject({ status: 200, body: { game: 'arena', matches: 3 } })
  expect((await edge.get('/v1/ratings/arena', '7')).body).toEqual({ game: 'arena', rating: 1_000, matches: 0 })
})

test('R6 anybody signed in sees how a player has played, until the account is deleted', async () => {
  const matches = await edge.get('/v1/players/2/matches?limit=2&before=12', '7')
  expect(matches.body).toEqual((await edge.get('/v1/matches?limit=2&before=12', '2')).body)
  const own = await edge.get('/v1/ratings/arena', '2')
  expect((await edge.get('/v1/players/2/ratings', '7')).body).toEqual({ ratings: [own.body] })
  expect((await edge.get('/v1/players/8/matches', '7')).body).toEqual({ matches: [] })
  expect((await edge.get('/v1/players/8/ratings', '7')).body).toEqual({ ratings: [] })
  expect(await edge.get('/v1/players/x/matches', '7')).toMatchObject(invalid('playerId'))
  expect(await edge.get('/v1/players/2/matches?limit=51', '7')).toMatchObject(invalid('limit'))

  await world.deliver(world.ended('13', [{ playerId: '5', rank: 1 }]))
  expect((await edge.get('/v1/players/5/matches', '7')).body).toMatchObject({ matches: [{ matchId: '13' }] })
  await world.deliver(world.deleted('5'))
  expect((await edge.get('/v1/players/5/matches', '7')).body).toEqual({ matches: [] })
  expect((await edge.get('/v1/players/5/ratings', '7')).body).toEqual({ ratings: [] })
})

test.each(['/v1/players/1/matches', '/v1/players/1/ratings', '/v1/matches/11', '/v1/matches', '/v1/ratings/arena'])(
  'C9 %s is for who is signed in',
  async (path) => {
    expect(await edge.get(path)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect(await edge.get(path, 'forged')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  },
)

test('C9 a match that is not there is NOT_FOUND, one that cannot be is refused by its field', async () => {
  expect(await edge.get('/v1/matches/99', '1')).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  expect(await edge.get('/v1/matches/9223372036854775807', '1')).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  for (const matchId of ['0', 'x', '-1', '9223372036854775808', '%00']) {
    expect(await edge.get(`/v1/matches/${matchId}`, '1'), matchId).toMatchObject(invalid('matchId'))
  }
})

test('C9 the own matches come 1 to 50 at a time, before an id', async () => {
  for (const limit of [0, 51, -1, 1.5, 'ten']) {
    expect(await edge.get(`/v1/matches?limit=${limit}`, '1'), String(limit)).toMatchObject(invalid('limit'))
  }
  for (const before of ['0', 'x', '9223372036854775808']) {
    expect(await edge.get(`/v1/matches?before=${before}`, '1'), before).toMatchObject(invalid('before'))
  }
  expect(await edge.get('/v1/matches?after=1', '1')).toMatchObject(invalid('after'))
  expect((await edge.get('/v1/matches?limit=50', '1')).status).toBe(200)
})

test('R5 C9 a rating in a game that is not offered is UNKNOWN_GAME', async () => {
  const refused = { status: 404, code: 'UNKNOWN_GAME', field: 'game' }
  for (const game of ['no-such', 'ARENA', '%00', '__proto__']) {
    expect(await edge.get(`/v1/ratings/${game}`, '1'), game).toMatchObject(refused)
  }
  expect(await edge.get(`/v1/ratings/${'x'.repeat(33)}`, '1')).toMatchObject(invalid('game'))
  expect(await edge.get('/v1/ratings/arena?more=1', '1')).toMatchObject(invalid('more'))
})

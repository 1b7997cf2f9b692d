import { expect, test } from 'vitest'
import { parseMesh, parseRoles } from './roles.ts'

const known = ['identity', 'players', 'rooms']

test('DESIGN §3 all is everything', () => {
  expect(parseRoles('all', known)).toEqual({ gateway: true, rooms: true, services: new Set(known) })
})

test('DESIGN §3 a process does what it is told and no more', () => {
  const roles = parseRoles('gateway services:identity,players', known)
  expect(roles).toEqual({ gateway: true, rooms: false, services: new Set(['identity', 'players']) })
})

test('DESIGN §3 the rooms service lives where the rooms are', () => {
  expect(parseRoles('rooms', known).services).toEqual(new Set(['rooms']))
})

test('DESIGN §3 a process that would do nothing is refused', () => {
  expect(() => parseRoles('jobs', known)).toThrow(/nothing to do/)
  expect(() => parseRoles('', known)).toThrow(/nothing to do/)
  expect(parseRoles('jobs services:players', known)).toEqual(parseRoles('services:players', known))
})

test('DESIGN §3 a role or a service that does not exist is named', () => {
  expect(() => parseRoles('gatway', known)).toThrow(/'gatway' is no role/)
  expect(() => parseRoles('services:wallet', known)).toThrow(/'services:wallet' is no role/)
})

test('DESIGN §3 a service may have several addresses', () => {
  const mesh = parseMesh(['identity=http://a:1', 'identity=http://b:1'])
  expect(mesh.get('identity')).toEqual(['http://a:1', 'http://b:1'])
  expect(() => parseMesh(['identity'])).toThrow(/should look like/)
})

import type { Caller } from '@meydan/kernel/rpc'
import { expect } from 'vitest'
import type { Place } from './places.ts'

/** What must hold wherever services are. Each is run in one process and in two. */
export interface Scenario {
  readonly name: string
  run(place: Place): Promise<void>
}

const nobody: Caller = { kind: 'anonymous', address: '192.0.2.1' }
const ada: Caller = { kind: 'player', playerId: '7', sessionId: '9', roles: ['admin'], address: '192.0.2.1' }

/** What a door would send for a call that fails. */
async function refusal(place: Place, call: string, input: unknown, caller: Caller = nobody): Promise<unknown> {
  return place.host.call(call, input, place.from(caller)).then(
    (out) => ({ unexpected: out }),
    (error: unknown) => error,
  )
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'K3 an answer is the same, with defaults filled in and text of any script whole',
    async run({ host, from }) {
      const input = { text: 'çay ☕ 😀', nested: { count: 3, at: '2026-01-01T00:00:00Z' } }
      expect(await host.call('back.echo', input, from(nobody))).toEqual({ ...input, tags: ['none'] })
      expect(await host.call('back.echo', { text: '', tags: [] }, from(nobody))).toEqual({ text: '', tags: [] })
    },
  },
  {
    name: 'K4 bad input is refused with the name of the field',
    async run(place) {
      const bad = { text: 'x', nested: { count: 10, more: true } }
      expect(await refusal(place, 'back.echo', bad)).toMatchObject({
        code: 'INVALID_INPUT',
        details: { field: 'nested.count', issues: [{ field: 'nested.count' }, { field: 'nested.more' }] },
      })
      expect(await refusal(place, 'back.echo', 'no object')).toMatchObject({ code: 'INVALID_INPUT' })
      expect(await refusal(place, 'back.echo', { text: 'x', nested: { count: Number.NaN } })).toMatchObject({
        details: { field: 'nested.count' },
      })
    },
  },
  {
    name: 'K5 faults keep code, status, details and when to come back',
    async run(place) {
      expect(await refusal(place, 'back.fail', { how: 'fault' })).toMatchObject({
        code: 'OUT_OF_STOCK',
        status: 409,
        message: 'There is none left.',
        details: { left: 0 },
        retryAfterS: 7,
      })
      expect(await refusal(place, 'back.fail', { how: 'core' })).toMatchObject({
        code: 'NOT_FOUND',
        details: { what: 'thing' },
      })
    },
  },
  {
    name: 'K5 a bug is INTERNAL and says nothing of the inside',
    async run(place) {
      for (const call of ['back.fail', 'front.fail']) {
        for (const how of ['bug', 'wrong-answer']) {
          const fault = await refusal(place, call, { how })
          expect(fault).toMatchObject({ code: 'INTERNAL', message: 'Something broke on our side.' })
        }
      }
    },
  },
  {
    name: 'K5 a service can cope with another one’s fault, and what it does not know is its own bug',
    async run(place) {
      expect(await place.host.call('front.handled', {}, place.from(nobody))).toEqual({ code: 'OUT_OF_STOCK' })
      expect(await refusal(place, 'front.fail', { how: 'fault' })).toMatchObject({ code: 'INTERNAL' })
      expect(await refusal(place, 'front.fail', { how: 'core' })).toMatchObject({ code: 'NOT_FOUND' })
    },
  },
  {
    name: 'K6 who calls arrives, and a service calls in the player’s name without his roles',
    async run({ host, from }) {
      const direct = { playerId: '7', sessionId: '9', via: '', roles: ['admin'] }
      expect(await host.call('back.whoCalls', {}, from(ada))).toEqual(direct)
      expect(await host.call('front.whoCalls', {}, from(ada))).toEqual({ ...direct, via: 'front', roles: [] })
      expect(await host.call('front.forServices', {}, from(ada))).toEqual({ service: 'front', playerId: '7' })
      expect(await host.call('front.forServices', {}, from(nobody))).toEqual({ service: 'front' })
    },
  },
  {
    name: 'B1 procedures for services do not exist for a door, nor do calls nobody declared',
    async run(place) {
      for (const call of ['back.forServices', 'back.nothing', 'nowhere.echo', 'back', 'back.constructor']) {
        expect(await refusal(place, call, {}, ada), call).toMatchObject({ code: 'UNKNOWN_CALL' })
      }
      expect(await refusal(place, 'back.whoCalls', {})).toMatchObject({ code: 'UNAUTHENTICATED' })
    },
  },
  {
    name: 'K2 the deadline of a call holds for what it calls',
    async run(place) {
      expect(await refusal(place, 'front.slow', { name: 'deadline' })).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
      const ended = await place.host.call('back.slowEnded', { name: 'deadline' }, place.from(nobody))
      // The far side ends it by its own clock or because the near side hung up, whichever is first.
      expect(ended).toEqual({ ended: expect.stringMatching(/DEADLINE_EXCEEDED|CANCELLED/) })
    },
  },
  {
    name: 'K2 a caller that goes away ends the call and what it called',
    async run({ host, from }) {
      const context = from(nobody)
      const name = 'going away'
      const call = host.call('back.slow', { name }, context)
      await host.call('back.slowBegan', { name }, from(nobody))
      context.cancel()
      await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
      expect(await host.call('back.slowEnded', { name }, from(nobody))).toEqual({ ended: 'CANCELLED' })
    },
  },
  {
    name: 'K1 services call each other in a circle',
    async run({ host, from }) {
      expect(await host.call('front.there', {}, from(nobody))).toEqual({ name: 'front' })
    },
  },
  {
    name: 'K1 many calls at once each get their own answer',
    async run({ host, from }) {
      const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`)
      const answers = await Promise.all(texts.map((text) => host.call('back.echo', { text }, from(nobody))))
      expect(answers).toEqual(texts.map((text) => ({ text, tags: ['none'] })))
    },
  },
]

import { once } from 'node:events'
import { core, Fault } from '@meydan/contracts/core'
import { service } from '@meydan/kernel/rpc'
import { back, backErrors, front } from './contracts.ts'

interface SlowCall {
  readonly began: PromiseWithResolvers<Record<never, never>>
  readonly ended: PromiseWithResolvers<{ ended: string }>
}

export function backService() {
  return service({
    contract: back,
    calls: { front },
    build({ call }) {
      let sum = 0
      const slowCalls = new Map<string, SlowCall>()
      const slowCall = (name: string): SlowCall => {
        const known = slowCalls.get(name) ?? { began: Promise.withResolvers(), ended: Promise.withResolvers() }
        slowCalls.set(name, known)
        return known
      }
      return {
        handlers: {
          echo: async (input) => input,
          whoCalls: async (_input, { caller }) => {
            const { playerId, sessionId, roles, via = '' } = caller
            return { playerId, sessionId, via, roles: [...roles] }
          },
          forServices: async (_input, { caller }) => {
            if (caller.kind !== 'service') throw core.FORBIDDEN()
            return { service: caller.service, playerId: caller.playerId }
          },
          fail: async ({ how }) => {
            if (how === 'fault') throw backErrors.OUT_OF_STOCK({ details: { left: 0 }, retryAfterS: 7 })
            if (how === 'core') throw core.NOT_FOUND({ details: { what: 'thing' } })
            if (how === 'bug') throw new Error('inner workings')
            return { count: JSON.parse('"a text where the contract says number"') }
          },
          slow: async ({ name }, { signal }) => {
            const { began, ended } = slowCall(name)
            began.resolve({})
            await once(signal, 'abort')
            ended.resolve({ ended: signal.reason instanceof Fault ? signal.reason.code : 'unknown' })
            throw signal.reason
          },
          slowBegan: ({ name }) => slowCall(name).began.promise,
          slowEnded: ({ name }) => slowCall(name).ended.promise,
          add: async () => ({ sum: ++sum, pid: process.pid }),
          sum: async () => ({ sum, pid: process.pid }),
          askFront: (_input, context) => call.front.name({}, context),
        },
      }
    },
  })
}

export function frontService() {
  return service({
    contract: front,
    calls: { back },
    build: ({ call }) => ({
      handlers: {
        name: async () => ({ name: 'front' }),
        whoCalls: (_input, context) => call.back.whoCalls({}, context),
        forServices: (_input, context) => call.back.forServices({}, context),
        fail: (input, context) => call.back.fail(input, context),
        handled: async (_input, context) => {
          try {
            await call.back.fail({ how: 'fault' }, context)
            return { code: 'none' }
          } catch (error) {
            if (error instanceof Fault && error.code === 'OUT_OF_STOCK') return { code: error.code }
            throw error
          }
        },
        slow: (input, context) => call.back.slow(input, context),
        there: (_input, context) => call.back.askFront({}, context),
      },
    }),
  })
}

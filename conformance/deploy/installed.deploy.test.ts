import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callsOf, unansweredBy } from './calls.ts'
import { render, SCENARIOS, settingsOf, workloadsOf } from './chart.ts'
import { type Deployment, type Settings, startDeployment } from './deployment.ts'
import { playMatch } from './play.ts'
import { describeWith } from './tools.ts'

const WAIT = { timeout: 20_000, interval: 50 }

/** The first process of each workload, with the settings that the chart gives it. */
function processesOf(values: readonly string[]): Record<string, Settings> {
  return Object.fromEntries(
    workloadsOf(render(values)).map((workload) => {
      const given = [...settingsOf(workload)].map(([name, value = 'of a Secret']) => [name, value])
      return [workload.metadata.name, Object.fromEntries(given)]
    }),
  )
}

describeWith(['helm', 'redis-server', 'kafka'], 'what the chart installs', () => {
  let whole: Deployment
  beforeAll(async () => {
    whole = await startDeployment({ all: { MEYDAN_ROLES: 'all' } })
  })
  afterAll(() => whole?.stop())

  test.each([
    ['as it comes', 'meydan-all'],
    ['development', 'meydan-all'],
    ['production in eu-central', 'meydan-gateway'],
  ])(
    'D3 B1 %s: the processes find each other, every call enters at %s, and a match is played',
    async (scenario, door) => {
      const installed = await startDeployment(processesOf(SCENARIOS[scenario] ?? []))
      try {
        const { url } = installed.of(door)
        expect(await callsOf(url)).toEqual(await callsOf(whole.of('all').url))
        // A process learns within a second who else is there.
        await expect.poll(() => unansweredBy(url), WAIT).toEqual([])
        const client = createClient({ url })
        await client.register({ type: 'password', username: 'traveller', password: 'a long enough one' }, 'Traveller')
        await expect.poll(async () => (await client.call.players.me({})).displayName, WAIT).toBe('Traveller')
        expect((await client.call.matches.mine({})).matches).toEqual([])
        // Apart, the sockets are in one process and the rooms in another.
        expect(await playMatch(url)).toMatch(/^\d+$/)
      } finally {
        await installed.stop()
      }
    },
  )
})

import { readFileSync } from 'node:fs'
import { type Client, createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { dashboards } from '../../deploy/grafana/dashboards.ts'
import { grafanaJson } from '../../deploy/grafana/panels.ts'
import { Autoscaler, all, render } from './chart.ts'
import { composeProject, processesOf } from './compose.ts'
import { type Deployment, startDeployment } from './deployment.ts'
import { type Prometheus, startPrometheus } from './prometheus.ts'
import { describeWith, inRepo, run } from './tools.ts'

const WAIT = { timeout: 40_000, interval: 500 }
/** Counters that have no series before the first mishap, or the end of the first match. */
const LATER = [
  'meydan_mesh_retries_total',
  'meydan_mesh_failures_total',
  'meydan_job_failures_total',
  'meydan_matches_total',
]

const read = (path: string): string => readFileSync(inRepo(path), 'utf8')
const metricsIn = (query: string): string[] => query.match(/\b(meydan|nodejs|process)_\w+/g) ?? []

const Alerts = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })),
})
const AdapterRule = z.object({
  seriesQuery: z.string(),
  name: z.object({ as: z.string() }).optional(),
  metricsQuery: z.string(),
})
const Adapter = z.object({ rules: z.object({ custom: z.array(AdapterRule), external: z.array(AdapterRule) }) })

const alerts = Alerts.parse(parse(read('deploy/prometheus/alerts.yml'))).groups.flatMap(({ rules }) => rules)
const adapter = Adapter.parse(parse(read('deploy/prometheus/adapter.yaml'))).rules

/** What the adapter gives to autoscalers, each with the query behind it. */
const given = [...adapter.custom, ...adapter.external].flatMap(({ seriesQuery, name, metricsQuery }) =>
  metricsIn(seriesQuery).map((series) => ({
    name: name?.as ?? series,
    query: metricsQuery.replace('<<.Series>>', series),
  })),
)

/** What shows on the dashboard of money: what was done, and what was refused. */
async function spend({ call }: Client): Promise<void> {
  await call.rewards.claimDaily({})
  await call.wallet.faucet({ key: 'watched', currency: 'coins', amount: 100 })
  const tooMuch = call.wallet.faucet({ key: 'watched-too', currency: 'coins', amount: Number.MAX_SAFE_INTEGER })
  await expect(tooMuch).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  // Looked at, a lobby wakes and ticks.
  await call.crash.lobby({ lobbyId: 1 })
  await expect(call.crash.cashOut({ lobbyId: 1 })).rejects.toMatchObject({ code: 'NO_BET' })
}

describeWith(['promtool'], 'the rules of Prometheus', () => {
  test('D4 C10 its configuration is sound, and each alert comes when it should and not before', () => {
    expect(run('promtool', ['check', 'config', 'deploy/prometheus/prometheus.yml'])).toContain('SUCCESS')
    expect(run('promtool', ['test', 'rules', 'deploy/prometheus/alerts.test.yml'])).toContain('SUCCESS')
  })

  test('C10 each alert is tried', () => {
    const tried = read('deploy/prometheus/alerts.test.yml')
    expect(alerts.filter(({ alert }) => !tried.includes(`alertname: ${alert}\n        exp_alerts`))).toEqual([])
  })
})

test('C10 the dashboards are as deploy/grafana/write.ts writes them', () => {
  for (const dashboard of dashboards) {
    expect(JSON.parse(read(`deploy/grafana/dashboards/${dashboard.uid}.json`))).toEqual(grafanaJson(dashboard))
  }
})

describeWith(
  ['compose-spec', 'helm', 'prometheus', 'redis-server', 'kafka'],
  'Prometheus beside the running platform',
  () => {
    let deployment: Deployment
    let prometheus: Prometheus
    let client: Client
    let exported: ReadonlySet<string>
    beforeAll(async () => {
      const processes = processesOf(composeProject())
      deployment = await startDeployment(processes)
      const urls = Object.keys(processes).map((name) => deployment.of(name).url)
      prometheus = await startPrometheus(urls.map((url) => new URL(url).host))
      client = createClient({ url: deployment.of('gateway').url })
      await client.guest()
      await client.connect()
      await expect(client.call.players.get({ playerId: '1' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await client.call.matchmaking.ask({ game: 'arena' })
      await spend(client)
      const pages = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()))
      exported = new Set(pages.join('').match(/(?<=^# TYPE )\w+/gm))
    })
    afterAll(async () => {
      client?.close()
      await prometheus?.stop()
      await deployment?.stop()
    })

    const unknownIn = (query: string): string[] =>
      metricsIn(query).filter((name) => !exported.has(name) && !exported.has(name.replace(/_(bucket|sum|count)$/, '')))

    test('C10 every line of every dashboard shows something, or will when there is something to show', async () => {
      const lines = dashboards.flatMap(({ uid, panels }) =>
        panels.flatMap(({ title, lines }) => lines.map(({ query }) => ({ panel: `${uid}: ${title}`, query }))),
      )
      expect(lines.filter(({ query }) => unknownIn(query).length > 0)).toEqual([])
      const shown = lines.filter(({ query }) => !LATER.some((name) => query.includes(name)))
      const empty = async (): Promise<string[]> => {
        const counts = await Promise.all(
          shown.map(({ query }) =>
            prometheus.count(query.replaceAll('$__rate_interval', '30s').replaceAll('$contract', '.*')),
          ),
        )
        return shown.filter((_, index) => counts[index] === 0).map(({ panel }) => panel)
      }
      await expect.poll(empty, WAIT).toEqual([])
    })

    test('C10 each alert asks for what the platform exports, and Prometheus can tell', async () => {
      expect(alerts.filter(({ expr }) => unknownIn(expr).length > 0)).toEqual([])
      const healthy = Object.fromEntries(alerts.map(({ alert }) => [alert, 'ok']))
      await expect.poll(() => prometheus.health(), WAIT).toEqual(healthy)
    })

    test('D3 what the autoscalers ask for is there', async () => {
      const autoscalers = all('HorizontalPodAutoscaler', Autoscaler, render([], ['placement=apart', 'redis=true']))
      const asked = autoscalers.flatMap(({ spec }) =>
        spec.metrics.flatMap((metric) => {
          if (metric.type === 'Pods') return [metric.pods.metric.name]
          return metric.type === 'External' ? [metric.external.metric.name] : []
        }),
      )
      expect(asked.length).toBeGreaterThan(0)
      expect(given.map(({ name }) => name)).toEqual(expect.arrayContaining(asked))
      for (const { query } of given) {
        const here = query.replace('<<.LabelMatchers>>', 'instance!=""').replace('<<.GroupBy>>', 'instance')
        await expect.poll(() => prometheus.count(here), WAIT).toBeGreaterThan(0)
      }
    })
  },
)

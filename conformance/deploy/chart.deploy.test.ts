import { expect, test } from 'vitest'
import {
  Autoscaler,
  all,
  Ingress,
  lint,
  NetworkPolicy,
  render,
  SCENARIOS,
  settingsOf,
  validate,
  type Workload,
  workloadsOf,
} from './chart.ts'
import { mayReach, type Pod } from './network.ts'
import { knownSettings } from './settings.ts'
import { describeWith } from './tools.ts'

const APART = ['placement=apart', 'redis=true', 'kafkaBrokers=kafka:9092', 'ingress.enabled=true']
const NODE_MAX = 1_023

const podOf = (workload: Workload): Pod => ({ namespace: 'games', labels: workload.spec.template.metadata.labels })

function workload(manifests: string, name: string): Workload {
  const found = workloadsOf(manifests).find(({ metadata }) => metadata.name === name)
  if (!found) throw new Error(`no workload ${name}`)
  return found
}

describeWith(['helm', 'kubeconform'], 'the chart', () => {
  const known = knownSettings()

  test.each(Object.entries(SCENARIOS))(
    'E6 B10 %s: helm finds no fault, and Kubernetes knows every field',
    (_, values) => {
      expect(lint(values)).toContain('0 chart(s) failed')
      expect(validate(render(values))).toMatch(/Valid: [1-9]\d*, Invalid: 0, Errors: 0, Skipped: 0/)
    },
  )

  test('C11 a field that Kubernetes does not know is found', () => {
    const misspelt = render([]).replace('podManagementPolicy', 'podManagmentPolicy')
    expect(() => validate(misspelt)).toThrow()
  })

  test.each([
    ['regoin=eu', /regoin/],
    ['image.tag=latest', /image\/tag/],
    ['ingress.paths={/metrics}', /ingress\/paths/],
    ['workloads.rooms.firstNode=1024', /workloads\/rooms/],
    ['workloads.rooms.autoscaling.maxReplica=3', /autoscaling/],
  ])('a value that means nothing or harm is refused: %s', (pair, why) => {
    expect(() => render([], [pair])).toThrow(why)
  })

  test('D3 apart, gateway, rooms, services and jobs scale each by what fills them', () => {
    const autoscalers = all('HorizontalPodAutoscaler', Autoscaler, render([], APART))
    const metrics = autoscalers.map(({ spec }) => [
      spec.scaleTargetRef.name,
      spec.metrics.map((metric) => {
        if (metric.type === 'Pods') return metric.pods.metric.name
        return metric.type === 'External' ? metric.external.metric.name : 'cpu'
      }),
    ])
    expect(Object.fromEntries(metrics)).toEqual({
      'meydan-gateway': ['meydan_sockets'],
      'meydan-rooms': ['meydan_rooms', 'meydan_tick_lateness_p99_seconds'],
      'meydan-services': ['cpu'],
      'meydan-jobs': ['meydan_bus_depth'],
    })
  })

  test.each(Object.entries(SCENARIOS))('DESIGN §7 %s: no two living processes share a number', (_, values) => {
    const manifests = render(values)
    const autoscalers = all('HorizontalPodAutoscaler', Autoscaler, manifests)
    const most = new Map(autoscalers.map(({ spec }) => [spec.scaleTargetRef.name, spec.maxReplicas]))
    const ranges = workloadsOf(manifests).map(({ metadata, spec }) => {
      const first = spec.ordinals.start
      return { first, last: first + (most.get(metadata.name) ?? spec.replicas ?? 1) - 1 }
    })
    const sorted = ranges.toSorted((a, b) => a.first - b.first)
    expect(sorted.length).toBeGreaterThan(0)
    for (const each of workloadsOf(manifests)) expect(settingsOf(each).has('MEYDAN_NODE')).toBe(true)
    for (const [index, { last }] of sorted.entries())
      expect(last).toBeLessThan(sorted[index + 1]?.first ?? NODE_MAX + 1)
  })

  test.each(Object.entries(SCENARIOS))('DESIGN §2 %s: each setting is one that the platform knows', (_, values) => {
    for (const each of workloadsOf(render(values))) {
      expect([...settingsOf(each).keys()].filter((name) => !known.has(name))).toEqual([])
      // Kubernetes would add MEYDAN_GATEWAY_PORT and the like, which the platform refuses.
      expect(each.spec.template.spec.enableServiceLinks).toBe(false)
    }
  })

  test('B1 players reach the gateway alone; services answer the gateway and each other alone', () => {
    const manifests = render([], APART)
    const policies = all('NetworkPolicy', NetworkPolicy, manifests)
    const gateway = podOf(workload(manifests, 'meydan-gateway'))
    const inner = ['rooms', 'services', 'jobs'].map((name) => podOf(workload(manifests, `meydan-${name}`)))
    const outside: Pod = { namespace: 'ingress-nginx', labels: {} }
    const neighbour: Pod = { namespace: 'games', labels: { app: 'shop' } }
    const impostor: Pod = { namespace: 'elsewhere', labels: gateway.labels }
    const watcher: Pod = { namespace: 'monitoring', labels: {} }
    const may = (from: Pod, to: Pod, port: string) => mayReach(policies, 'games', from, to, port)

    expect(may(outside, gateway, 'http')).toBe(true)
    expect(may(neighbour, gateway, 'http')).toBe(false)
    for (const service of inner) {
      for (const port of ['http', 'mesh']) {
        for (const stranger of [outside, neighbour, impostor]) expect(may(stranger, service, port)).toBe(false)
      }
      expect(may(watcher, service, 'mesh')).toBe(false)
      expect(may(watcher, service, 'http')).toBe(true)
      for (const caller of [gateway, ...inner]) {
        expect(may(caller, service, 'mesh')).toBe(true)
        expect(may(caller, service, 'http')).toBe(false)
      }
    }
  })

  test('A13 outside, the paths of the gateway are there and /metrics is not; nothing ties a player to a process', () => {
    const [ingress] = all('Ingress', Ingress, render([], APART))
    const paths = ingress?.spec.rules[0].http.paths ?? []
    const leads = (url: string) =>
      paths.some(({ path, pathType }) => url === path || (pathType === 'Prefix' && url.startsWith(`${path}/`)))
    for (const url of ['/', '/app/', '/feedback', '/v1/socket', '/docs', '/livez'])
      expect([url, leads(url)]).toEqual([url, true])
    for (const url of ['/metrics', '/readyz']) expect([url, leads(url)]).toEqual([url, false])
    expect(
      Object.keys(ingress?.metadata.annotations ?? {}).filter((name) => /affinity|upstream-hash/.test(name)),
    ).toEqual([])
  })

  test('DESIGN §10 a pod is killed only after the load balancer noticed and its drain is over, which outlasts a handover', () => {
    // A lease is lost after three seconds, and a snapshot is a second old at most.
    const HANDOVER_S_MAX = 4
    for (const each of workloadsOf(render([], APART))) {
      const { terminationGracePeriodSeconds, containers } = each.spec.template.spec
      const sleepS = containers[0].lifecycle.preStop.sleep.seconds
      const drainS = Number(settingsOf(each).get('MEYDAN_DRAIN_MS')) / 1_000
      expect(drainS).toBeGreaterThan(HANDOVER_S_MAX)
      expect(sleepS).toBeGreaterThan(HANDOVER_S_MAX)
      expect(terminationGracePeriodSeconds).toBeGreaterThan(sleepS + drainS)
      expect(containers[0].livenessProbe.httpGet.path).toBe('/livez')
      expect(containers[0].startupProbe.httpGet.path).toBe('/livez')
      expect(containers[0].readinessProbe.httpGet.path).toBe('/readyz')
    }
  })

  test('C11 a process can do no more than it needs: no root, no writing but its data, no rights of the cluster', () => {
    for (const each of [...workloadsOf(render([])), ...workloadsOf(render([], APART))]) {
      const { spec } = each.spec.template
      expect(spec.automountServiceAccountToken).toBe(false)
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
      expect(spec.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
    }
  })

  test('DESIGN §2 no secret is in a manifest: databases and keys come from Secrets that exist already', () => {
    for (const each of workloadsOf(render([], APART))) {
      const settings = settingsOf(each)
      for (const name of ['MEYDAN_POSTGRES_URL', 'MEYDAN_REDIS_URL']) {
        expect(settings.has(name)).toBe(true)
        expect(settings.get(name)).toBeUndefined()
      }
    }
    expect(render([], APART)).not.toContain('kind: Secret\n')
  })
})

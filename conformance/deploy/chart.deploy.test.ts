import { expect, test } from 'vitest'
import {
  Autoscaler,
  all,
  DisruptionBudget,
  Ingress,
  lint,
  NetworkPolicy,
  render,
  SCENARIOS,
  Service,
  ServiceMonitor,
  settingsOf,
  validate,
  type Workload,
  workloadsOf,
} from './chart.ts'
import { isChosen, mayReach, type Pod } from './network.ts'
import { knownSettings } from './settings.ts'
import { describeWith } from './tools.ts'

const APART = ['placement=apart', 'redis=true', 'kafka.brokers=kafka:9092', 'ingress.enabled=true']
/** Stores that are somebody else's: over TLS by certificates of their own, with a password. */
const GUARDED = ['kafka.tls=true', 'kafka.sasl=scram-sha-512', 'existingSecrets.authorities=meydan-authorities']

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
    const misspelt = render([]).replace('enableServiceLinks', 'enableServiceLink')
    expect(() => validate(misspelt)).toThrow(/enableServiceLink/)
  })

  test.each([
    ['regoin=eu', /regoin/],
    ['image.tag=latest', /image\/tag/],
    ['ingress.paths={/metrics}', /ingress\/paths/],
    ['workloads.rooms.replicas=0', /workloads\/rooms/],
    ['kafka.sasl=gssapi', /kafka\/sasl/],
    ['workloads.rooms.autoscaling.maxReplica=3', /autoscaling/],
    ['placement=apart', /needs redis: true/],
    ['workloads.all.replicas=2', /needs redis: true/],
    ['workloads.all.autoscaling.maxReplicas=2', /needs redis: true/],
    ['kafka.sasl=plain', /needs kafka\.brokers/],
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
      'meydan-gateway': ['cpu', 'meydan_sockets'],
      'meydan-rooms': ['meydan_rooms', 'meydan_tick_lateness_p99_seconds'],
      'meydan-services': ['cpu'],
      'meydan-jobs': ['meydan_bus_depth'],
    })
  })

  test.each(Object.entries(SCENARIOS))(
    'C11 %s: each autoscaler, budget, service and monitor is of pods that are there',
    (_, values) => {
      const manifests = render(values)
      const workloads = workloadsOf(manifests)
      const names = workloads.map(({ metadata }) => metadata.name).sort()
      const chosenBy = (labels: Readonly<Record<string, string>>) =>
        workloads.filter((each) => isChosen(labels, podOf(each).labels)).map(({ metadata }) => metadata.name)
      for (const { metadata, spec } of workloads) expect(chosenBy(spec.selector.matchLabels)).toEqual([metadata.name])
      for (const { spec } of all('HorizontalPodAutoscaler', Autoscaler, manifests)) {
        const { kind, name } = spec.scaleTargetRef
        expect(workloads.find(({ metadata }) => metadata.name === name)).toMatchObject({ kind })
        expect(spec.maxReplicas).toBeGreaterThan(spec.minReplicas)
      }
      const budgets = all('PodDisruptionBudget', DisruptionBudget, manifests)
      expect(budgets.flatMap(({ spec }) => chosenBy(spec.selector.matchLabels)).sort()).toEqual(names)
      expect(budgets.map(({ spec }) => spec.maxUnavailable)).toEqual(names.map(() => 1))
      const services = all('Service', Service, manifests)
      expect(services.flatMap(({ spec }) => chosenBy(spec.selector)).sort()).toEqual(names)
      for (const { spec } of all('ServiceMonitor', ServiceMonitor, manifests)) {
        const [endpoint] = spec.endpoints
        expect(endpoint.path).toBe('/metrics')
        const watched = services.filter(({ metadata }) => isChosen(spec.selector.matchLabels, metadata.labels))
        expect(watched.filter((service) => service.spec.ports.some(({ name }) => name === endpoint.port))).toEqual(
          services,
        )
      }
    },
  )

  test('C11 in an update who comes is there before anybody goes; alone, none is ever there twice', () => {
    for (const { kind, spec } of workloadsOf(render([], APART))) {
      expect(kind).toBe('Deployment')
      expect(spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } })
    }
    // Its leases are in its memory, and its number is that of all who have no Redis.
    expect(workloadsOf(render([])).map(({ kind, spec }) => [kind, spec.replicas])).toEqual([['StatefulSet', 1]])
  })

  test.each([
    ['apart', APART, ['meydan-jobs', 'meydan-rooms', 'meydan-services']],
    ['together', ['redis=true'], ['meydan-all']],
  ])('D3 DESIGN §3 %s: who is called by others announces the address of its pod', (_, set, called) => {
    const workloads = workloadsOf(render([], set))
    const announced = workloads.filter((each) => settingsOf(each).has('MEYDAN_MESH_URL'))
    expect(announced.map(({ metadata }) => metadata.name).sort()).toEqual(called)
    for (const each of announced) {
      const { env, ports } = each.spec.template.spec.containers[0]
      const mesh = ports.find(({ name }) => name === 'mesh')?.containerPort
      expect(settingsOf(each).get('MEYDAN_MESH_URL')).toBe(`http://$(POD_IP):${mesh}`)
      expect(settingsOf(each).get('MEYDAN_MESH_PORT')).toBe(String(mesh))
      const names = env.map(({ name }) => name)
      // Kubernetes puts in what stands before it in the list, and leaves the rest as it is written.
      expect(names.indexOf('POD_IP')).toBeLessThan(names.indexOf('MEYDAN_MESH_URL'))
      expect(env.find(({ name }) => name === 'POD_IP')?.valueFrom).toEqual({ fieldRef: { fieldPath: 'status.podIP' } })
    }
  })

  test.each(Object.entries(SCENARIOS))('DESIGN §2 %s: each setting is one that the platform knows', (_, values) => {
    for (const each of workloadsOf(render(values))) {
      const foreign = [...settingsOf(each).keys()].filter((name) => !known.has(name))
      expect(foreign.filter((name) => name !== 'POD_IP')).toEqual([])
      // Kubernetes would add MEYDAN_GATEWAY_PORT and the like, which the platform refuses.
      expect(each.spec.template.spec, each.metadata.name).toMatchObject({ enableServiceLinks: false })
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
    const open = (from: Pod, to: Pod) => ['http', 'mesh'].filter((port) => mayReach(policies, 'games', from, to, port))

    const callers = { outside, neighbour, impostor, watcher, inner: inner[0] ?? outside }
    const opened = Object.entries(callers).map(([name, from]) => [name, open(from, gateway)])
    expect(Object.fromEntries(opened)).toEqual({
      outside: ['http'],
      neighbour: [],
      impostor: [],
      watcher: ['http'],
      inner: ['http'],
    })
    for (const service of inner) {
      const name = service.labels['app.kubernetes.io/component']
      for (const stranger of [outside, neighbour, impostor]) expect([name, open(stranger, service)]).toEqual([name, []])
      expect([name, open(watcher, service)]).toEqual([name, ['http']])
      // At `http` are /livez, /readyz and /metrics, which an operator asks for from any of the pods.
      for (const caller of [gateway, ...inner]) expect([name, open(caller, service)]).toEqual([name, ['http', 'mesh']])
    }
  })

  test('A13 outside, the paths of the gateway are there and /metrics is not; nothing ties a player to a process but Socket.IO', () => {
    const ingresses = all('Ingress', Ingress, render([], APART))
    const paths = ingresses.flatMap(({ spec }) => spec.rules[0].http.paths)
    // As Kubernetes has it: a prefix is one of whole elements, and that of `/` is everybody's.
    const leads = (url: string) =>
      paths.some(({ path, pathType }) =>
        pathType === 'Prefix' ? `${url}/`.startsWith(path.replace(/\/?$/, '/')) : url === path,
      )
    for (const url of ['/', '/app/', '/feedback', '/v1/socket', '/docs', '/livez', '/gateway/status', '/socket.io/'])
      expect([url, leads(url)]).toEqual([url, true])
    for (const url of ['/metrics', '/readyz']) expect([url, leads(url)]).toEqual([url, false])
    const tying = ingresses.filter(({ metadata }) =>
      Object.keys(metadata.annotations).some((name) => /affinity|upstream-hash/.test(name)),
    )
    expect(tying.flatMap(({ spec }) => spec.rules[0].http.paths.map(({ path }) => path))).toEqual(['/socket.io'])
  })

  test('DESIGN §10 a pod is killed only after the load balancer noticed and its drain is over, which outlasts a handover', () => {
    // A lease is lost after three seconds, and a snapshot is a second old at most.
    const HANDOVER_S_MAX = 4
    for (const each of workloadsOf(render([], APART))) {
      const { terminationGracePeriodSeconds, containers } = each.spec.template.spec
      const sleepS = containers[0].lifecycle.preStop.sleep.seconds
      const drainS = Number(settingsOf(each).get('MEYDAN_DRAIN_MS')) / 1_000
      expect(drainS, 'seconds of drain').toBeGreaterThan(HANDOVER_S_MAX)
      expect(sleepS, 'seconds before it').toBeGreaterThan(HANDOVER_S_MAX)
      expect(terminationGracePeriodSeconds, 'seconds until it is killed').toBeGreaterThan(sleepS + drainS)
      const { livenessProbe, startupProbe, readinessProbe } = containers[0]
      expect({
        live: livenessProbe.httpGet.path,
        started: startupProbe.httpGet.path,
        ready: readinessProbe.httpGet.path,
      }).toEqual({ live: '/livez', started: '/livez', ready: '/readyz' })
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

  test('DESIGN §2 no secret is in a manifest: databases, brokers and keys come from Secrets that exist already', () => {
    const manifests = render([], [...APART, ...GUARDED])
    const secret = ['MEYDAN_POSTGRES_URL', 'MEYDAN_REDIS_URL', 'MEYDAN_KAFKA_USER', 'MEYDAN_KAFKA_PASSWORD']
    for (const each of workloadsOf(manifests)) {
      const { env } = each.spec.template.spec.containers[0]
      const stored = env.flatMap(({ name, valueFrom }) =>
        valueFrom && 'secretKeyRef' in valueFrom ? [[name, valueFrom.secretKeyRef]] : [],
      )
      expect(stored).toEqual(secret.map((name) => [name, { name: 'meydan-stores', key: name }]))
    }
    expect(manifests.match(/^kind: Secret$/gm)).toBeNull()
  })

  test('DESIGN §7 stores over TLS: the processes are told, and find the authorities where they look', () => {
    for (const each of workloadsOf(render([], [...APART, ...GUARDED]))) {
      const settings = settingsOf(each)
      expect(settings.get('MEYDAN_KAFKA_TLS')).toBe('true')
      expect(settings.get('MEYDAN_KAFKA_SASL')).toBe('scram-sha-512')
      const { containers, volumes } = each.spec.template.spec
      const mount = containers[0].volumeMounts.find(
        ({ mountPath }) => `${mountPath}/ca.pem` === settings.get('MEYDAN_CA'),
      )
      const volume = volumes.find(({ name }) => name === mount?.name)
      expect(volume?.secret).toEqual({ secretName: 'meydan-authorities' })
    }
  })
})

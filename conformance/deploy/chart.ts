import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { inRepo, KUBERNETES_SCHEMAS, run } from './tools.ts'

const CHART = inRepo('deploy/helm/meydan')
/** A helm that was built from source believes that it speaks to an old cluster. */
const CLUSTER = ['--kube-version', '1.36.0']

/** How each environment, and each region of production, is installed. */
export const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
  'as it comes': [],
  development: ['values-development.yaml'],
  integration: ['values-integration.yaml'],
  'production in eu-central': ['values-production.yaml', 'regions/eu-central.yaml'],
  'production in tr-istanbul': ['values-production.yaml', 'regions/tr-istanbul.yaml'],
  'production in us-east': ['values-production.yaml', 'regions/us-east.yaml'],
}

const Labels = z.record(z.string(), z.string())
const Probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) })
const Variable = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .union([
      z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }),
      z.object({ fieldRef: z.object({ fieldPath: z.string() }) }),
    ])
    .optional(),
})

const Container = z.object({
  env: z.array(Variable),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
  securityContext: z.unknown(),
  startupProbe: Probe,
  readinessProbe: Probe,
  livenessProbe: Probe,
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }),
  resources: z.object({
    requests: z.object({ cpu: z.string(), memory: z.string() }),
    limits: z.object({ memory: z.string() }),
  }),
})
const Selector = z.object({ matchLabels: Labels })
const KINDS = ['Deployment', 'StatefulSet'] as const
export const Workload = z.object({
  kind: z.enum(KINDS),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.number().optional(),
    selector: Selector,
    strategy: z
      .object({
        type: z.string(),
        rollingUpdate: z.object({ maxSurge: z.string(), maxUnavailable: z.number() }),
      })
      .optional(),
    template: z.object({
      metadata: z.object({ labels: Labels }),
      spec: z.object({
        enableServiceLinks: z.boolean(),
        automountServiceAccountToken: z.boolean(),
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.unknown(),
        containers: z.tuple([Container]),
        volumes: z.array(z.object({ name: z.string(), secret: z.object({ secretName: z.string() }).optional() })),
      }),
    }),
  }),
})
export type Workload = z.infer<typeof Workload>

const Peer = z.strictObject({ podSelector: Selector.optional(), namespaceSelector: Selector.optional() })
const Rule = z.strictObject({ from: z.array(Peer).min(1), ports: z.array(z.strictObject({ port: z.string() })).min(1) })
export const NetworkPolicy = z.object({
  kind: z.literal('NetworkPolicy'),
  spec: z.strictObject({
    podSelector: Selector,
    policyTypes: z.array(z.string()),
    ingress: z.array(Rule),
  }),
})
export type NetworkPolicy = z.infer<typeof NetworkPolicy>

export const Ingress = z.object({
  kind: z.literal('Ingress'),
  metadata: z.object({ annotations: Labels }),
  spec: z.object({
    rules: z.tuple([
      z.object({ http: z.object({ paths: z.array(z.object({ path: z.string(), pathType: z.string() })) }) }),
    ]),
  }),
})

export const Service = z.object({
  kind: z.literal('Service'),
  metadata: z.object({ name: z.string(), labels: Labels }),
  spec: z.object({ selector: Labels, ports: z.array(z.object({ name: z.string(), targetPort: z.string() })) }),
})

export const ServiceMonitor = z.object({
  kind: z.literal('ServiceMonitor'),
  spec: z.object({ selector: Selector, endpoints: z.tuple([z.object({ port: z.string(), path: z.string() })]) }),
})

export const DisruptionBudget = z.object({
  kind: z.literal('PodDisruptionBudget'),
  spec: z.object({ maxUnavailable: z.number(), selector: Selector }),
})

const Metric = z.union([
  z.object({ type: z.literal('Pods'), pods: z.object({ metric: z.object({ name: z.string() }) }) }),
  z.object({ type: z.literal('External'), external: z.object({ metric: z.object({ name: z.string() }) }) }),
  z.object({ type: z.literal('Resource') }),
])
export const Autoscaler = z.object({
  kind: z.literal('HorizontalPodAutoscaler'),
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.enum(KINDS), name: z.string() }),
    minReplicas: z.number(),
    maxReplicas: z.number(),
    metrics: z.array(Metric).min(1),
  }),
})

const filesOf = (values: readonly string[]): string[] => values.flatMap((file) => ['-f', `${CHART}/${file}`])

export function lint(values: readonly string[]): string {
  return run('helm', ['lint', '--strict', ...CLUSTER, CHART, ...filesOf(values)])
}

/** The manifests, as text. `set` overrides values: `placement=apart`. The alerts are always with them. */
export function render(values: readonly string[], set: readonly string[] = []): string {
  const alerts = ['--set-file', `alerts=${inRepo('deploy/prometheus/alerts.yml')}`]
  const overrides = [...alerts, ...set.flatMap((pair) => ['--set', pair])]
  return run('helm', ['template', 'meydan', CHART, ...CLUSTER, ...filesOf(values), ...overrides])
}

/** Throws when a manifest is not what Kubernetes takes. Gives the count line. */
export function validate(manifests: string): string {
  const location = `${KUBERNETES_SCHEMAS}/{{ .ResourceKind }}{{ .KindSuffix }}.json`
  return run('kubeconform', ['-strict', '-summary', '-schema-location', location], manifests)
}

/** Those of the manifests that are of this kind. Throws when one is not as the tests know it. */
export function all<T extends z.ZodType>(kind: string, schema: T, manifests: string): z.output<T>[] {
  const documents: unknown[] = parseAllDocuments(manifests).map((document) => document.toJS())
  return documents.filter((it) => z.object({ kind: z.string() }).parse(it).kind === kind).map((it) => schema.parse(it))
}

export const workloadsOf = (manifests: string): Workload[] => KINDS.flatMap((kind) => all(kind, Workload, manifests))

/** The settings of the workload's process as they stand in the manifest; those that come from elsewhere are undefined. Throws when one is there twice. */
export function settingsOf(workload: Workload): Map<string, string | undefined> {
  const { env } = workload.spec.template.spec.containers[0]
  const settings = new Map(env.map(({ name, value }) => [name, value]))
  if (settings.size < env.length) throw new Error(`${workload.metadata.name} has a setting twice`)
  return settings
}

import type { NetworkPolicy } from './chart.ts'

export interface Pod {
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
}

/** Whether Kubernetes lets `from` speak to the port of `to`, both as pods: what no policy chooses is open, what one chooses is closed but for its rules. */
export function mayReach(
  policies: readonly NetworkPolicy[],
  namespace: string,
  from: Pod,
  to: Pod,
  port: string,
): boolean {
  const chosen = policies.filter(({ spec }) => isChosen(spec.podSelector.matchLabels, to.labels))
  if (chosen.length === 0) return true
  return chosen.some(({ spec }) =>
    spec.ingress.some(
      (rule) =>
        rule.ports.some((open) => open.port === port) && rule.from.some((peer) => isPeer(peer, namespace, from)),
    ),
  )
}

type Peer = NetworkPolicy['spec']['ingress'][number]['from'][number]

function isPeer({ podSelector, namespaceSelector }: Peer, namespace: string, from: Pod): boolean {
  const inNamespace = namespaceSelector
    ? isChosen(namespaceSelector.matchLabels, { 'kubernetes.io/metadata.name': from.namespace })
    : from.namespace === namespace
  return inNamespace && (podSelector === undefined || isChosen(podSelector.matchLabels, from.labels))
}

/** Whether a selector with these labels chooses what has those. */
export function isChosen(wanted: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value)
}

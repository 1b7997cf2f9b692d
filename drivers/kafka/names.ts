/** Names in Kafka, all under one prefix, so that a cluster can be shared. */
export interface Names {
  readonly dead: string
  event(event: string): string
  feed(group: string, event: string): FeedNames
  /** The feed whose retry topic this is; undefined for any other topic. */
  feedOf(topic: string): FeedNames | undefined
}

/** One event as one group hears it: a consumer group of Kafka's, which reads the event's topic and a topic of its own. */
export interface FeedNames {
  readonly group: string
  readonly event: string
  readonly consumerGroup: string
  readonly events: string
  readonly retries: string
}

export function createNames(prefix: string): Names {
  const retryPrefix = `${prefix}.retry.`
  const event = (name: string) => `${prefix}.event.${name}`
  const feed = (group: string, name: string): FeedNames => ({
    group,
    event: name,
    consumerGroup: `${prefix}.${group}.${name}`,
    events: event(name),
    retries: `${retryPrefix}${group}.${name}`,
  })
  return {
    dead: `${prefix}.dead`,
    event,
    feed,
    feedOf(topic) {
      const last = topic.lastIndexOf('.')
      if (!topic.startsWith(retryPrefix) || last < retryPrefix.length) return undefined
      return feed(topic.slice(retryPrefix.length, last), topic.slice(last + 1))
    },
  }
}

import { TOPIC_KEPT_MAX, type TopicEvent, type Topics } from '@meydan/kernel/storage'
import type { Log } from '@meydan/kernel/telemetry'

/**
 * Hears a topic from now on, each event once and in order. What was lost because the broker could not be heard is told with the topic's next
 * event, as far as it is kept. Gives how to stop.
 */
export async function follow(
  { topics, log }: { readonly topics: Topics; readonly log: Log },
  topic: string,
  tell: (event: TopicEvent) => void,
): Promise<() => Promise<void>> {
  let seq: number | undefined
  /** What is heard while lost events are being read. */
  let held: TopicEvent[] | undefined

  const pass = (event: TopicEvent): void => {
    if (seq !== undefined && event.seq <= seq) return
    seq = event.seq
    tell(event)
  }
  const mend = async (after: number): Promise<void> => {
    const missed = await topics.since(topic, after).catch((error: unknown) => {
      log.warn({ err: error, topic }, 'events that were lost could not be read')
    })
    for (const event of [...(missed ?? []), ...(held ?? [])]) pass(event)
    held = undefined
  }

  const unsubscribe = await topics.subscribe(topic, (event) => {
    if (held) {
      if (held.length < TOPIC_KEPT_MAX) held.push(event)
    } else if (seq === undefined || event.seq <= seq + 1) {
      pass(event)
    } else {
      held = [event]
      void mend(seq)
    }
  })
  try {
    seq ??= await topics.position(topic)
  } catch (error) {
    await unsubscribe()
    throw error
  }
  return unsubscribe
}

import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { memoryTopics } from '@meydan/drivers/memory'
import type { Topics } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Codec, type Connection, createHub, RING_EVENTS_MAX, RING_MS_MAX, type SharedFrame } from './index.ts'

const REPLACED = 4004
const json: Codec = { encode: (frame) => Buffer.from(JSON.stringify(frame)) }

/** A connection that keeps what it was given. */
class Ear implements Connection {
  readonly heard: unknown[] = []
  closedWith: number | undefined
  readonly id: number
  static #next = 0

  constructor() {
    this.id = ++Ear.#next
  }

  event(frame: SharedFrame): void {
    this.heard.push(JSON.parse(frame.bytes(json).toString()).data)
  }

  room(): void {}

  badRoomFrame(): void {}

  close(code: number): void {
    this.closedWith = code
  }
}

function openHub(wrap: (topics: Topics) => Topics = (topics) => topics) {
  const clock = manualClock()
  const topics = wrap(memoryTopics(clock, quietLog))
  const hub = createHub({ topics, clock, log: quietLog, metrics: quietMetrics })
  const say = async (topic: string, ...data: number[]) => {
    for (const n of data) await topics.publish(topic, 'NEWS', n)
  }
  return { hub, clock, topics, say }
}

const ada = { playerId: '1', sessionId: '91', roles: [], expiresAtMs: Number.MAX_SAFE_INTEGER }

describe('H1 S11 resume', () => {
  test('what was missed is replayed exactly once, in order, before what comes after it', async () => {
    const { hub, say } = openHub()
    const session = await hub.open(ada)
    const first = new Ear()
    session.connect(first, REPLACED)
    await say('user:1', 1, 2)
    session.disconnect(first.id)
    await say('user:1', 3, 4)
    const second = new Ear()
    hub.find(session.id, 2)?.connect(second, REPLACED)
    session.replay(2)
    await say('user:1', 5)
    expect([first.heard, second.heard]).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
  })

  test('is refused when the ring no longer holds it all, by count', async () => {
    const { hub, say } = openHub()
    const session = await hub.open(ada)
    await say('user:1', ...Array.from({ length: RING_EVENTS_MAX }, (_, n) => n))
    expect(hub.find(session.id, 0)).toBe(session)
    await say('user:1', RING_EVENTS_MAX)
    expect(hub.find(session.id, 0)).toBeUndefined()
    expect(hub.find(session.id, 1)).toBe(session)
  })

  test('is refused when the ring no longer holds it all, by time', async () => {
    const { hub, clock, say } = openHub()
    const session = await hub.open(ada)
    await say('user:1', 1)
    clock.advance(RING_MS_MAX)
    expect(hub.find(session.id, 0)).toBe(session)
    clock.advance(1)
    expect(hub.find(session.id, 0)).toBeUndefined()
    expect(hub.find(session.id, 1)).toBe(session)
  })

  test('is refused from the future, and for a session there never was', async () => {
    const { hub, say } = openHub()
    const session = await hub.open(ada)
    await say('user:1', 1)
    expect(hub.find(session.id, 2)).toBeUndefined()
    expect(hub.find('nobody', 0)).toBeUndefined()
  })
})

describe('H2 a dying connection', () => {
  test('that was replaced takes nothing from the connection that lives', async () => {
    const { hub, say } = openHub()
    const session = await hub.open(ada)
    const [old, living] = [new Ear(), new Ear()]
    session.connect(old, REPLACED)
    session.connect(living, REPLACED)
    expect(old.closedWith).toBe(REPLACED)
    session.disconnect(old.id)
    await say('user:1', 1)
    expect([session.connection, session.lostAtMs]).toEqual([living, undefined])
    expect([old.heard, living.heard, living.closedWith]).toEqual([[], [1], undefined])
  })
})

describe('H4 a session without a connection', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is kept for two minutes and no longer; a connected one stays', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { hub, clock, say } = openHub()
    const [lost, connected] = [await hub.open(ada), await hub.open(ada)]
    const [gone, there] = [new Ear(), new Ear()]
    lost.connect(gone, REPLACED)
    connected.connect(there, REPLACED)
    lost.disconnect(gone.id)
    clock.advance(RING_MS_MAX - 1)
    vi.advanceTimersByTime(10_000)
    expect([...hub.sessions]).toEqual([lost, connected])
    clock.advance(1)
    vi.advanceTimersByTime(10_000)
    expect([...hub.sessions]).toEqual([connected])
    await say('user:1', 1)
    expect(there.heard).toEqual([1])
    await hub.close()
  })

  test('that has ended watches nothing any more', async () => {
    const { hub, topics, say } = openHub()
    const subscribe = vi.spyOn(topics, 'subscribe')
    const session = await hub.open(ada)
    const ear = new Ear()
    session.connect(ear, REPLACED)
    await hub.end(session)
    await hub.watch(session, 'channel:1')
    await say('user:1', 1)
    await say('channel:1', 2)
    expect(ear.heard).toEqual([])
    expect(subscribe).toHaveBeenCalledTimes(1)
  })
})

describe('watching', () => {
  test('H4 a session watches at most 200 topics', async () => {
    const { hub } = openHub()
    const session = await hub.open(null)
    for (let n = 0; n < 200; n++) await hub.watch(session, `channel:${n}`)
    await hub.watch(session, 'channel:7')
    await expect(hub.watch(session, 'channel:200')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  })

  test('H5 a session that watches a topic twice is given each event once', async () => {
    const { hub, say } = openHub()
    const session = await hub.open(null)
    const ear = new Ear()
    session.connect(ear, REPLACED)
    await Promise.all([hub.watch(session, 'channel:1'), hub.watch(session, 'channel:1')])
    await say('channel:1', 1)
    expect(ear.heard).toEqual([1])
  })

  test('H5 who leaves gets nothing more, while others do', async () => {
    const { hub, say } = openHub()
    const [leaves, stays] = [new Ear(), new Ear()]
    const sessions = [await hub.open(null), await hub.open(null)]
    for (const [index, ear] of [leaves, stays].entries()) {
      const session = sessions[index]
      if (!session) continue
      session.connect(ear, REPLACED)
      await hub.watch(session, 'channel:1')
    }
    await say('channel:1', 1)
    if (sessions[0]) await hub.unwatch(sessions[0], 'channel:1')
    await say('channel:1', 2)
    expect([leaves.heard, stays.heard]).toEqual([[1], [1, 2]])
  })

  test('H4 a topic nobody watches any more is let go of', async () => {
    const stopped: string[] = []
    const { hub } = openHub((topics) => ({
      ...topics,
      async subscribe(topic, listener) {
        const stop = await topics.subscribe(topic, listener)
        return async () => {
          stopped.push(topic)
          await stop()
        }
      },
    }))
    const [one, two] = [await hub.open(null), await hub.open(null)]
    await hub.watch(one, 'channel:1')
    await hub.watch(two, 'channel:1')
    await hub.unwatch(one, 'channel:1')
    expect(stopped).toEqual([])
    await hub.end(two)
    expect(stopped).toEqual(['channel:1'])
  })

  test('H5 a subscription that failed is told, leaves nothing behind, and is tried anew', async () => {
    let broken = true
    const { hub, say } = openHub((topics) => ({
      ...topics,
      async subscribe(topic, listener) {
        if (broken) throw new Error('the broker is away')
        return topics.subscribe(topic, listener)
      },
    }))
    await expect(hub.open(ada)).rejects.toThrow('the broker is away')
    expect([...hub.sessions]).toEqual([])
    const session = await hub.open(null)
    const ear = new Ear()
    session.connect(ear, REPLACED)
    await expect(hub.watch(session, 'channel:1')).rejects.toThrow('the broker is away')
    expect([...session.topics]).toEqual([])
    broken = false
    await hub.watch(session, 'channel:1')
    await say('channel:1', 1)
    expect(ear.heard).toEqual([1])
  })
})

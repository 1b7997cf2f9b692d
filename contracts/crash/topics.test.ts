import { expect, test } from 'vitest'
import { TopicName } from '../socket/index.ts'
import { crashTicksTopic, crashTopic, isCrashTopic } from './index.ts'

test('D2 a socket may name the topics of a lobby, and nothing else counts as one', () => {
  for (const topic of [crashTopic(1), crashTicksTopic(1), crashTicksTopic(2_147_483_647)]) {
    expect(TopicName.safeParse(topic).success, topic).toBe(true)
    expect(isCrashTopic(topic), topic).toBe(true)
  }
  for (const topic of ['crash:0', 'crash:01', 'crash:1-', 'crash:1-ticks2', 'user:1', 'xcrash:1']) {
    expect(isCrashTopic(topic), topic).toBe(false)
  }
})

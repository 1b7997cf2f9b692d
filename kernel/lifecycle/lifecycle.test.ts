import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createLifecycle, type Part } from './index.ts'

const log = pino({ level: 'silent' })

function recorder() {
  const steps: string[] = []
  const part = (name: string, more: Partial<Part> = {}): Part => ({
    name,
    start: async () => void steps.push(`start ${name}`),
    drain: async () => void steps.push(`drain ${name}`),
    stop: async () => void steps.push(`stop ${name}`),
    ...more,
  })
  return { steps, part }
}

test('K parts start in order and drain, then stop, in reverse', async () => {
  const { steps, part } = recorder()
  const lifecycle = createLifecycle(log)
  await lifecycle.start([part('a'), part('b')])
  expect(lifecycle.phase).toBe('ready')
  await Promise.all([lifecycle.stop(1_000), lifecycle.stop(1_000)])
  expect(steps).toEqual(['start a', 'start b', 'drain b', 'drain a', 'stop b', 'stop a'])
})

test('K when a part fails to start, those before it are stopped and the failure is told', async () => {
  const { steps, part } = recorder()
  const broken = part('b', { start: () => Promise.reject(new Error('port taken')) })
  await expect(createLifecycle(log).start([part('a'), broken])).rejects.toThrow('port taken')
  expect(steps).toEqual(['start a', 'stop b', 'stop a'])
})

test('K a part that hangs does not keep the others from stopping', async () => {
  const { steps, part } = recorder()
  const lifecycle = createLifecycle(log)
  await lifecycle.start([part('a'), part('b', { drain: () => new Promise(() => {}) })])
  await lifecycle.stop(30)
  expect(steps).toContain('stop a')
})

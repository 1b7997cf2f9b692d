import { pino } from 'pino'
import { expect, test } from 'vitest'
import { type Closing, createLifecycle } from './index.ts'

const log = pino({ level: 'silent' })

function recorder() {
  const steps: string[] = []
  const closing: Closing<string> = {
    drain: async (name) => void steps.push(`drain ${name}`),
    stop: async (name) => void steps.push(`stop ${name}`),
  }
  return { steps, closing }
}

test('K what was opened is drained, then stopped, in reverse, once', async () => {
  const { steps, closing } = recorder()
  const lifecycle = createLifecycle(log)
  await lifecycle.open('a', () => 'a', closing)
  await lifecycle.open('b', () => 'b', closing)
  lifecycle.ready()
  expect(lifecycle.phase).toBe('ready')
  await Promise.all([lifecycle.stop(1_000), lifecycle.stop(1_000)])
  expect(steps).toEqual(['drain b', 'drain a', 'stop b', 'stop a'])
  expect(lifecycle.phase).toBe('stopped')
})

test('K when a part does not open, the failure is told and those before it can be stopped', async () => {
  const { steps, closing } = recorder()
  const lifecycle = createLifecycle(log)
  await lifecycle.open('a', () => 'a', closing)
  await expect(lifecycle.open('b', () => Promise.reject(new Error('port taken')), {})).rejects.toThrow('port taken')
  await lifecycle.stop(1_000)
  expect(steps).toEqual(['drain a', 'stop a'])
})

test('K a part that hangs or fails does not keep the others from stopping', async () => {
  const { steps, closing } = recorder()
  const lifecycle = createLifecycle(log)
  await lifecycle.open('a', () => 'a', closing)
  await lifecycle.open('b', () => 'b', { stop: () => Promise.reject(new Error('broken')) })
  await lifecycle.open('c', () => 'c', { drain: () => new Promise(() => {}) })
  await lifecycle.stop(30)
  expect(steps).toContain('stop a')
})

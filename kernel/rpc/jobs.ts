import { type Log, type Metrics, sparing } from '../telemetry/index.ts'
import type { Job } from './service.ts'

/** A run that takes longer is told to stop by its signal; the next one waits until it has. */
const RUN_MS_MAX = 60_000
const BUCKETS_S = [0.001, 0.01, 0.1, 1, 10, 60]

export interface JobRunner {
  start(): void
  /** Begins no more runs, signals those that go on, and waits for them for at most `withinMs`. */
  stop(withinMs: number): Promise<void>
}

/** Runs a service's jobs, each at most once at a time: the next run begins `everyMs` after the last one ended. */
export function jobRunner(service: string, jobs: readonly Job[], log: Log, metrics: Metrics): JobRunner {
  const failed = metrics.counter('meydan_job_failures_total', 'Runs of jobs that failed', ['job'])
  const observe = metrics.histogram('meydan_job_duration_seconds', 'Duration of runs of jobs', BUCKETS_S, ['job'])
  const said = sparing(log)
  const stopping = new AbortController()
  const timers = new Map<string, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()

  const run = async (job: Job): Promise<void> => {
    const labels = { job: `${service}.${job.name}` }
    const startedMs = performance.now()
    try {
      await job.run(AbortSignal.any([stopping.signal, AbortSignal.timeout(RUN_MS_MAX)]))
    } catch (error) {
      failed(1, labels)
      said.error(job.name, { err: error, job: job.name }, 'a job failed; it runs again at its next turn')
    }
    observe((performance.now() - startedMs) / 1_000, labels)
  }

  const plan = (job: Job): void => {
    if (stopping.signal.aborted) return
    const timer = setTimeout(() => {
      const turn = run(job).finally(() => {
        running.delete(turn)
        plan(job)
      })
      running.add(turn)
    }, job.everyMs)
    timers.set(job.name, timer)
  }

  return {
    start: () => jobs.forEach(plan),
    async stop(withinMs) {
      stopping.abort()
      for (const timer of timers.values()) clearTimeout(timer)
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, withinMs)
      await Promise.race([Promise.all(running), late])
      clearTimeout(timer)
    },
  }
}

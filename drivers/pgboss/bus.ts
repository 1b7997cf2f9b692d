import {
  attempt,
  type Bus,
  checkedGroup,
  createGate,
  type DeadLetter,
  type Envelope,
  type Gate,
  RETRY_DEFAULT,
  type RetryPolicy,
  type Subscription,
} from '@meydan/kernel/events'
import { type Log, sparing } from '@meydan/kernel/telemetry'
import { type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss'
import { readDeadLetters, readDepth, readSubscribers, sweepFailed } from './jobs.ts'
import { DEAD_QUEUE_OPTIONS, deadQueue, orderedInsertions, queueOptions } from './queues.ts'

export interface PgBossBusOptions {
  /** `postgres://…` of the database that also holds the services' schemas, or of another one. */
  readonly url: string
  readonly log: Log
  /** Where pg-boss keeps its tables; `bus` unless given. */
  readonly schema?: string
  /** Connections beside the one that listens; 6 unless given. */
  readonly poolMax?: number
  /** Events handled at a time in this process; 12 unless given. Keep it below the services' pool: each takes a connection of it. */
  readonly handlersMax?: number
  readonly retry?: RetryPolicy
}

const SCHEMA = 'bus'
const POOL_MAX = 6
/** Two, so that one slow event holds up only what came with it in its batch. */
const WORKERS_PER_GROUP = 2
const BATCH_MAX = 16
/** A rush of events must leave connections for players' calls, and one slow group places for the others. */
const HANDLERS_MAX = 12
const HANDLERS_PER_GROUP = 4
/** How soon a retry that is due, or an event whose notice was lost, is found. */
const POLL_S = 2
const SUPERVISE_S = 5
const HOUR_S = 60 * 60
const SWEEP_MS = 2_000
/** The failed job is written right after its handler returned. */
const SWEEP_SOON_MS = 20
const REDRIVE_BATCH = 1_000

/** The bus on Postgres: pg-boss, one queue a consumer group, in order for one key. */
export function pgBossBus(options: PgBossBusOptions): Bus {
  const { log, schema = SCHEMA, retry = RETRY_DEFAULT } = options
  const boss = new PgBoss({
    connectionString: options.url,
    schema,
    max: options.poolMax ?? POOL_MAX,
    application_name: 'meydan-bus',
    connectionTimeoutMillis: 5_000,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: SUPERVISE_S,
    monitorIntervalSeconds: SUPERVISE_S,
    maintenanceIntervalSeconds: HOUR_S,
    flowIntervalSeconds: HOUR_S,
    queueCacheIntervalSeconds: 10,
  })
  // While Postgres is away each worker of each group fails every other second.
  const said = sparing(log)
  boss.on('error', (error) => said.warn('error', { err: error }, 'the bus met an error and goes on'))
  boss.on('warning', (warning) => log.warn({ ...warning }, 'the bus warns'))

  /** Ids of the workers of each group in this process, to wake them by. */
  const workers = new Map<string, string[]>()
  let sweeping: NodeJS.Timeout | undefined
  const wake = (group: string) => {
    for (const worker of workers.get(group) ?? []) boss.notifyWorker(worker)
  }
  const sweep = async () => {
    try {
      for (const group of await sweepFailed(boss.getDb(), schema, [...workers.keys()])) wake(group)
    } catch (error) {
      said.warn('sweep', { err: error }, 'could not set dead letters aside; trying again')
    }
  }

  const all = createGate(options.handlersMax ?? HANDLERS_MAX)
  const handleBatch = async (
    subscription: Subscription,
    group: Gate,
    jobs: readonly JobWithMetadata<Envelope>[],
    lookAgain: () => void,
  ) => {
    const results = await Promise.all(
      jobs.map((job) => group.run(() => all.run(() => handleOne(subscription, job, log)))),
    )
    const failed = new Set(results.filter(({ status }) => status === 'failed').map(({ id }) => id))
    // A job that has used up its tries stays behind as failed and would hold up its key.
    if (jobs.some((job) => failed.has(job.id) && job.retryCount >= job.retryLimit)) setTimeout(sweep, SWEEP_SOON_MS)
    // The next events of the keys just handled can be had once this batch is written, and nobody else gives notice of that.
    // The worker that has it is the first who can: another one would look too soon, and in vain.
    lookAgain()
    return results
  }

  return {
    async start() {
      await boss.start()
      sweeping = setInterval(sweep, SWEEP_MS)
    },
    async publish(batch) {
      const subscribers = await readSubscribers(boss.getDb(), schema, [...new Set(batch.map(({ name }) => name))])
      const inserts = [...subscribers].map(async ([queue, names]) => {
        const insertions = orderedInsertions(batch.filter(({ name }) => names.has(name)))
        for (const jobs of insertions) await boss.insert(queue, jobs)
      })
      await Promise.all(inserts)
    },
    async subscribe(subscription) {
      const group = checkedGroup(subscription.group)
      await boss.createQueue(deadQueue(group), DEAD_QUEUE_OPTIONS)
      await boss.createQueue(group, { ...queueOptions(retry), policy: 'key_strict_fifo', deadLetter: deadQueue(group) })
      await boss.updateQueue(group, queueOptions(retry))
      const heard = await readSubscribers(boss.getDb(), schema)
      for (const name of heard.get(group) ?? []) {
        if (!subscription.events.includes(name)) await boss.unsubscribe(name, group)
      }
      for (const name of subscription.events) await boss.subscribe(name, group)
      const gate = createGate(HANDLERS_PER_GROUP)
      const started: string[] = []
      workers.set(group, started)
      for (let worker = 0; worker < WORKERS_PER_GROUP; worker++) {
        const id = await boss.work(
          group,
          {
            batchSize: BATCH_MAX,
            burstWhenBatchFull: true,
            includeMetadata: true,
            perJobResults: true,
            pollingIntervalSeconds: POLL_S,
            notifyPollingIntervalSeconds: POLL_S,
          },
          (jobs: JobWithMetadata<Envelope>[]) => handleBatch(subscription, gate, jobs, () => boss.notifyWorker(id)),
        )
        started.push(id)
      }
    },
    deadLetters: (group): Promise<DeadLetter[]> => readDeadLetters(boss.getDb(), schema, group),
    async redrive(group, id) {
      if ((await boss.getQueue(deadQueue(checkedGroup(group)))) === null) return 0
      let moved = 0
      for (;;) {
        const some = await boss.redrive(deadQueue(group), {
          limit: REDRIVE_BATCH,
          ...(id !== undefined && { ids: [id] }),
        })
        moved += some
        if (some < REDRIVE_BATCH) break
      }
      wake(group)
      return moved
    },
    depth: () => readDepth(boss.getDb(), schema),
    async stop(deadlineMs) {
      clearInterval(sweeping)
      await boss.stop({ graceful: true, timeout: deadlineMs })
    },
  }
}

async function handleOne(subscription: Subscription, job: JobWithMetadata<Envelope>, log: Log): Promise<JobResult> {
  const failure = await attempt(subscription, job.data)
  if (!failure) return { id: job.id, status: 'completed' }
  const last = job.retryCount >= job.retryLimit
  const about = { err: failure.error, group: subscription.group, event: job.data.name, eventId: job.data.id }
  if (last) log.error(about, 'an event is a dead letter now')
  else log.warn({ ...about, attempt: job.retryCount + 1 }, 'an event was not handled; it will be tried again')
  return { id: job.id, status: 'failed', output: { message: failure.text } }
}

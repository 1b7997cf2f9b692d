import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectPostgres, type EmbeddedPostgres, type Postgres, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { type RedisServer, startRedis } from '../engines/redis-server.ts'
import { type KafkaBroker, kafkaBroker } from '../harness/kafka.ts'
import { quietLog } from '../harness/quiet.ts'

/** What an installation stands on, each of which can go and come back. Nothing is spared: Postgres flushes what it acknowledges. */
export interface Engines {
  /** A connection of the suite's own, for looking. */
  readonly postgres: Postgres
  readonly postgresUrl: string
  readonly redis: RedisServer
  readonly kafka: KafkaBroker
  /** Stopped for `awayMs`; 0 is a crash, after which it starts by itself and recovers from its log. */
  restartPostgres(awayMs: number): Promise<void>
  close(): Promise<void>
}

/** `redisKeeps`: Redis writes what it is told to disk once a second, and knows most of it after a crash. */
export async function startEngines({ redisKeeps }: { redisKeeps: boolean }): Promise<Engines> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-chaos-'))
  // Postgres runs under an account of its own when root starts it.
  await chmod(folder, 0o755)
  const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir: folder, log: quietLog })
  const [first, redis, kafka] = await Promise.all([
    start(),
    startRedis(redisKeeps ? ['--appendonly', 'yes'] : []),
    kafkaBroker(),
  ])
  let server = first
  const postgres = await connectPostgres({ url: server.url, poolMax: 2, log: quietLog })
  return {
    postgres,
    postgresUrl: server.url,
    redis,
    kafka,
    async restartPostgres(awayMs) {
      if (awayMs === 0) {
        process.kill(server.pid, 'SIGKILL')
        return
      }
      await server.stop()
      await delay(awayMs)
      server = await start()
    },
    async close() {
      await postgres.close()
      await Promise.all([server.stop(), redis.close(), kafka.close()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

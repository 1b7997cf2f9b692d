import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import type { TestProject } from 'vitest/node'
import { quietLog } from './quiet.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the URL of the run's Postgres, which is started by the first question. */
    postgresDoor: string
  }
}

/** One Postgres for a whole run of the tests, started when the first test asks for it and always stopped. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<EmbeddedPostgres> | undefined
  const door = createServer(async (_request, response) => {
    try {
      starting ??= start()
      const { url } = await starting
      response.end(url)
    } catch (error) {
      response.statusCode = 500
      response.end(error instanceof Error ? error.message : String(error))
    }
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  door.unref()
  const address = door.address()
  if (address === null || typeof address === 'string') throw new Error('the harness has no port')
  project.provide('postgresDoor', `http://127.0.0.1:${address.port}/`)
  return async () => {
    door.close()
    door.closeAllConnections()
    const postgres = await starting?.catch(() => undefined)
    await postgres?.stop()
  }
}

async function start(): Promise<EmbeddedPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'meydan-test-'))
  return startEmbeddedPostgres({ dataDir, log: quietLog, throwaway: true })
}

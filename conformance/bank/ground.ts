import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'
import { wallet } from '@meydan/contracts/wallet'
import { connectPostgres, type EmbeddedPostgres, type Postgres, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { type MeshLink, meshLink, type ServiceKeys, serviceTokens, staticDiscovery } from '@meydan/kernel/rpc'
import { systemClock as clock } from '@meydan/kernel/time'
import { z } from 'zod'
import { quietLog as log, quietMetrics as metrics } from '../harness/quiet.ts'

/** Under faults, and with other work on the machine. */
const READY_MS_MAX = 120_000

/** A process that runs the wallet, and the way to it over the mesh. */
export interface Branch {
  readonly link: MeshLink
  /** `kill -9`, and again at the same address; resolves when it is ready. */
  killAndStart(): Promise<void>
}

/** Two processes with the wallet on one Postgres, which flushes what it acknowledges. */
export interface Ground {
  readonly branches: readonly [Branch, Branch]
  /** A connection of the suite's own, for looking. */
  readonly postgres: Postgres
  /** Stopped for `awayMs`; 0 is a crash, after which it starts by itself and recovers from its log. */
  restartPostgres(awayMs: number): Promise<void>
  close(): Promise<void>
}

export async function openGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-bank-'))
  // Postgres runs under an account of its own when root starts it.
  await chmod(folder, 0o755)
  const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir: folder, log })
  let server = await start()
  const open: { close(): Promise<void> }[] = []
  const close = async (): Promise<void> => {
    await Promise.all(open.map((each) => each.close()))
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const kept = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const opened = await opening
    open.push(opened)
    return opened
  }
  try {
    const secrets = await writeSecrets(folder)
    const { mesh } = z.object({ mesh: z.custom<ServiceKeys>() }).parse(JSON.parse(await readFile(secrets, 'utf8')))
    const settings = {
      MEYDAN_POSTGRES_URL: server.url,
      MEYDAN_POSTGRES_POOL: '6',
      MEYDAN_SECRETS: secrets,
      MEYDAN_ROLES: `services:${wallet.name}`,
    }
    // The first one makes the tables.
    const branches = [await kept(openBranch(settings, mesh, 1)), await kept(openBranch(settings, mesh, 2))] as const
    const postgres = await kept(connectPostgres({ url: server.url, poolMax: 2, log }))
    const restartPostgres = async (awayMs: number): Promise<void> => {
      if (awayMs === 0) {
        process.kill(server.pid, 'SIGKILL')
        return
      }
      await server.stop()
      await delay(awayMs)
      server = await start()
    }
    return { branches, postgres, restartPostgres, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openBranch(
  shared: Readonly<Record<string, string>>,
  keys: ServiceKeys,
  node: number,
): Promise<Branch & { close(): Promise<void> }> {
  const meshPort = String(await freePort())
  const own = { MEYDAN_NODE: String(node), MEYDAN_MESH_PORT: meshPort, MEYDAN_PORT: String(await freePort()) }
  const start = (): Promise<RunningPlatform> => startPlatform({ ...shared, ...own }, { readyMsMax: READY_MS_MAX })
  let platform = await start()
  const discovery = staticDiscovery({ [wallet.name]: [`http://127.0.0.1:${meshPort}`] })
  const link = meshLink({ discovery, tokens: serviceTokens(keys, clock), log, metrics, clock })
  return {
    link,
    async killAndStart() {
      const exited = once(platform.process, 'exit')
      platform.process.kill('SIGKILL')
      await exited
      platform = await start()
    },
    async close() {
      await link.close()
      await platform.stop()
    },
  }
}

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const Running = z.object({ pid: z.number().int(), postgresUrl: z.string() })

/** What a running platform leaves in its data folder so that other commands find its database. */
export interface RunningMark {
  remove(): Promise<void>
}

const fileIn = (dataFolder: string): string => join(dataFolder, 'running.json')

/** The mark holds the database's password, hence the owner-only mode. */
export async function markRunning(dataFolder: string, postgresUrl: string): Promise<RunningMark> {
  const path = fileIn(dataFolder)
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  await writeFile(path, JSON.stringify({ pid: process.pid, postgresUrl }), { mode: 0o600 })
  return { remove: () => rm(path, { force: true }) }
}

/** The database of the platform that runs on this data folder now; undefined when none does. */
export async function findRunning(dataFolder: string): Promise<string | undefined> {
  let text: string
  try {
    text = await readFile(fileIn(dataFolder), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const { pid, postgresUrl } = Running.parse(JSON.parse(text))
  return isAlive(pid) ? postgresUrl : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: alive, but somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

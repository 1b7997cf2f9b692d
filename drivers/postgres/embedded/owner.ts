import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '@meydan/kernel/config'
import type { Log } from '@meydan/kernel/telemetry'
import type { Place } from './place.ts'
import { processStamp, servesData, stopServer } from './process.ts'

const NOTE = 'owner'

/**
 * Notes that this process runs the cluster. Throws an OperatorError while another living Meydan does. A server whose
 * Meydan died is stopped, so that the next start finds the folder free. Gives a function that takes the note back.
 */
export async function takeOwnership(place: Place, dataDir: string, log: Log): Promise<() => Promise<void>> {
  const note = join(place.home, NOTE)
  const mine = `${process.pid} ${await processStamp(process.pid)}`
  const owner = await readFile(note, 'utf8').catch(() => undefined)
  if (owner !== undefined) {
    const [pid = '', ...stamp] = owner.split(' ')
    if (stamp.join(' ') === (await processStamp(Number(pid)))) {
      throw new OperatorError(
        `Another Meydan (process ${pid}) is running on ${dataDir}: stop it, or give this one a folder of its own with MEYDAN_DATA.`,
      )
    }
    await rm(note, { force: true })
  }
  try {
    await writeFile(note, mine, { flag: 'wx' })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    throw new OperatorError(`Another Meydan is starting on ${dataDir} at this moment; try again.`, { cause })
  }
  await stopOrphan(place, log)
  return () => rm(note, { force: true })
}

async function stopOrphan(place: Place, log: Log): Promise<void> {
  const file = join(place.data, 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const pid = Number.parseInt(text, 10)
  if (Number.isInteger(pid) && (await servesData(pid, place.data))) {
    log.warn({ pid }, 'stopping a Postgres whose Meydan is gone')
    await stopServer(pid)
  }
  // Left behind by a server that was killed. Postgres would refuse to start if its number now belonged to another process.
  await rm(file, { force: true })
}

import { ROLES } from '@meydan/contracts/core'
import { OperatorError } from '@meydan/kernel/config'
import { createOutbox } from '@meydan/kernel/events'
import { idMaker, NODE_MAX } from '@meydan/kernel/ids'
import { systemClock } from '@meydan/kernel/time'
import { grantRole } from '@meydan/services/identity'
import { withStores } from './stores.ts'

/** `meydan grant USERNAME admin`: how the first admin is made, by whoever holds the database. */
export async function grant(args: readonly string[]): Promise<void> {
  const [username, wanted] = args
  const role = ROLES.find((known) => known === wanted)
  if (username === undefined || role === undefined)
    throw new OperatorError(`Use: meydan grant USERNAME ${ROLES.join('|')}.`)
  await withStores(async ({ postgres }) => {
    const clock = systemClock
    const events = createOutbox({ source: 'identity', clock, nextId: idMaker(clock, NODE_MAX) })
    const account = await grantRole({ db: postgres.database('identity'), events, clock }, username, role)
    process.stdout.write(`${username} (account ${account.playerId}) now has: ${account.roles.join(', ')}\n`)
  })
}

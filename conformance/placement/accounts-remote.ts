import { type AccountsSettings, accountsProcess } from './accounts.ts'
import { givenSettings, serveUntilOrphaned } from './spawned.ts'

/** The second process when identity and players are in it. */
serveUntilOrphaned(await accountsProcess(givenSettings<AccountsSettings>()))

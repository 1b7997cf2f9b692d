import { randomBytes } from 'node:crypto'
import type { Id } from '@meydan/contracts/core'
import {
  type Credentials,
  type identity,
  identityErrors,
  type LoginType,
  type Tokens,
} from '@meydan/contracts/identity'
import type { CallContext, Handlers } from '@meydan/kernel/rpc'
import { publishCreated } from './events.ts'
import { NOBODYS_HASH } from './hasher.ts'
import { addressOf, type Parts, traceOf } from './parts.ts'
import {
  GENERATED_PASSWORD_BYTES,
  GENERATED_USERNAME_BYTES,
  generatedPasswordHash,
  generatedUsername,
  isGeneratedPassword,
  type LinkKey,
  linkKey,
  NOBODYS_GENERATED_HASH,
  normalPassword,
  readGeneratedUsername,
} from './rules.ts'
import { answerTokens, beginFirstSession, beginSession } from './sessions.ts'
import {
  type AccountRow,
  findGeneratedLogin,
  findLogin,
  insertAccount,
  insertLink,
  type Login,
  lockAccount,
  type Tx,
} from './store.ts'

const TAKEN = { password: 'USERNAME_TAKEN', email: 'EMAIL_TAKEN', device: 'DEVICE_TAKEN' } as const

export function taken(type: LinkKey['type']) {
  return identityErrors[TAKEN[type]]()
}

/** A login as it will be stored. Throws when it is plainly taken, before a costly hash is made for nothing. */
export async function prepareLink(
  { db, hasher }: Pick<Parts, 'db' | 'hasher'>,
  credentials: Credentials,
): Promise<LinkKey & { passwordHash: string | null }> {
  const key = linkKey(credentials)
  // Names of the generated kind are the platform's to give.
  if (credentials.type === 'password' && readGeneratedUsername(credentials.username)) throw taken('password')
  if (await findLogin(db, key)) throw taken(key.type)
  const passwordHash = credentials.type === 'device' ? null : await hasher.hash(normalPassword(credentials.password))
  return { ...key, passwordHash }
}

interface NewAccount {
  loginType: LoginType
  displayName: string | undefined
  link?: Awaited<ReturnType<typeof prepareLink>>
}

/** Makes an account, its login, its first session and the event of it in one transaction. */
async function createAccount(
  parts: Parts,
  { loginType, displayName, link }: NewAccount,
  context: CallContext,
): Promise<{ tokens: Tokens; recovery: { username: string; password: string } }> {
  const password = randomBytes(GENERATED_PASSWORD_BYTES).toString('base64url')
  const at = new Date(parts.clock.now())
  const playerId = parts.nextId()
  const open = await parts.transaction(async (tx) => {
    const account = {
      playerId,
      loginType,
      roles: [],
      createdAt: at,
      generatedPasswordHash: generatedPasswordHash(password),
    }
    const username = await insertWithFreshName(tx, account)
    if (link && !(await insertLink(tx, { ...link, playerId, linkedAt: at }))) throw taken(link.type)
    await publishCreated(parts, tx, { playerId, loginType, displayName, at }, traceOf(context))
    return { ...(await beginFirstSession(parts, tx, account, context.caller)), username }
  })
  await welcome(parts, { playerId, displayName, at }, context)
  return { tokens: await answerTokens(parts, open), recovery: { username: open.username, password } }
}

/** The event makes the profile in any case; this spares the player a moment in which others see no name. */
async function welcome(
  { call, log }: Pick<Parts, 'call' | 'log'>,
  { playerId, displayName, at }: { playerId: Id; displayName: string | undefined; at: Date },
  context: CallContext,
): Promise<void> {
  const named = displayName === undefined ? {} : { displayName }
  try {
    await call.players.welcome({ playerId, ...named, at: at.toISOString() }, context)
  } catch (error) {
    log.info({ err: error, playerId }, 'a new account has no profile until its event is heard')
  }
}

/** Of 2⁶⁰ names two meet rarely; three times in a row means that something else is wrong. */
const NAME_TRIES = 3

async function insertWithFreshName(
  tx: Tx,
  account: Omit<AccountRow, 'generatedUsername'> & { generatedPasswordHash: string },
): Promise<string> {
  for (let attempt = 0; attempt < NAME_TRIES; attempt++) {
    const username = generatedUsername(randomBytes(GENERATED_USERNAME_BYTES))
    if (await insertAccount(tx, { ...account, generatedUsername: username })) return username
  }
  throw new Error(`${NAME_TRIES} generated usernames in a row were taken`)
}

/**
 * The account these credentials open, or null. Every wrong password and every unknown name costs exactly one check of a hash: a generated
 * one's of a generated password, anybody else's of the hasher's.
 */
async function authenticate(parts: Parts, credentials: Credentials, context: CallContext): Promise<Login | null> {
  const generated = credentials.type === 'password' ? readGeneratedUsername(credentials.username) : null
  const key = linkKey(credentials)
  const name = `${key.type}:${generated ?? key.lookup}`
  return parts.attempts.guard(addressOf(context.caller), name, async () => {
    const login = await (generated ? findGeneratedLogin(parts.db, generated) : findLogin(parts.db, key))
    if (credentials.type === 'device') return login ?? null
    const password = normalPassword(credentials.password)
    const hash = login?.passwordHash ?? (generated ? NOBODYS_GENERATED_HASH : NOBODYS_HASH)
    const right = isGeneratedPassword(hash, password) ?? (await parts.hasher.verify(hash, password))
    return right && login ? login : null
  })
}

export function entryHandlers(parts: Parts): Pick<Handlers<typeof identity>, 'guest' | 'register' | 'login'> {
  return {
    async guest({ displayName }, context) {
      const { tokens, recovery } = await createAccount(parts, { loginType: 'guest', displayName }, context)
      return { ...tokens, recovery }
    },

    async register({ credentials, displayName }, context) {
      const link = await prepareLink(parts, credentials)
      const { tokens } = await createAccount(parts, { loginType: credentials.type, displayName, link }, context)
      return tokens
    },

    async login({ credentials }, context) {
      const login = await authenticate(parts, credentials, context)
      if (!login) throw identityErrors.BAD_CREDENTIALS()
      const open = await parts.transaction(async (tx) => {
        const account = await lockAccount(tx, login.playerId)
        // Deleted since the password was checked.
        if (!account) throw identityErrors.BAD_CREDENTIALS()
        return beginSession(parts, tx, account, context.caller)
      })
      return answerTokens(parts, open)
    },
  }
}

import { z } from 'zod'
import { command, contract, DisplayName, errors, event, Id, query, ROLES, Text, Timestamp } from '../core/index.ts'

export const LOGIN_TYPES = ['guest', 'device', 'password', 'email'] as const
export const LoginType = z.enum(LOGIN_TYPES)
export type LoginType = z.infer<typeof LoginType>

export const Username = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{2,31}$/, '3 to 32 letters, digits, _ . - and a letter or digit first')
export const Password = Text.min(8, 'at least 8 characters').max(128, 'at most 128 characters')
export const Email = z.email().max(254)
/** A secret that the device made up and keeps; whoever has it is that device. */
export const DeviceId = Text.min(16).max(128)

/** One way into an account. */
export const Credentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('device'), deviceId: DeviceId }),
  z.strictObject({ type: z.literal('password'), username: Username, password: Password }),
  z.strictObject({ type: z.literal('email'), email: Email, password: Password }),
])
export type Credentials = z.infer<typeof Credentials>

export const Tokens = z.object({
  playerId: Id,
  sessionId: Id,
  accessToken: z.string().describe('EdDSA JWT, valid for 15 minutes'),
  accessExpiresAt: Timestamp,
  refreshToken: z.string().describe('opaque; each use gives the next one and ends this one'),
  refreshExpiresAt: Timestamp,
})
export type Tokens = z.infer<typeof Tokens>

/** The way back into a guest's account when its refresh token is lost. Shown once, when the account is made. */
export const Recovery = z.object({ username: z.string(), password: z.string() })
export type Recovery = z.infer<typeof Recovery>

/** A look into an account by a member of staff: no refresh token, and no roles in the access token. */
export const SupportEntry = Tokens.omit({ refreshToken: true, refreshExpiresAt: true })
export type SupportEntry = z.infer<typeof SupportEntry>

export const Account = z.object({
  playerId: Id,
  generatedUsername: z.string().describe('the username beneath the account; support enters by it'),
  loginType: LoginType.describe('how the account was made'),
  links: z.array(z.object({ type: LoginType, label: z.string() })).describe('every way in that is linked now'),
  roles: z.array(z.enum(ROLES)),
  createdAt: Timestamp,
})
export type Account = z.infer<typeof Account>

export const Session = z.object({
  sessionId: Id,
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
  address: z.string(),
  userAgent: z.string(),
  current: z.boolean(),
  support: z.boolean().describe('a member of staff is looking into the account'),
})

export const identityErrors = errors({
  BAD_CREDENTIALS: { status: 401, message: 'No account answers to these credentials.' },
  USERNAME_TAKEN: { status: 409, message: 'That username is taken.' },
  EMAIL_TAKEN: { status: 409, message: 'That e-mail address is taken.' },
  DEVICE_TAKEN: { status: 409, message: 'That device already has an account.' },
  ALREADY_LINKED: { status: 409, message: 'The account already has a login of this type.' },
  NOT_LINKED: { status: 404, message: 'The account has no login of this type.' },
  LAST_LOGIN: { status: 409, message: 'The last way into an account cannot be removed.' },
  UNKNOWN_ACCOUNT: { status: 404, message: 'There is no such account.' },
  UNKNOWN_SESSION: { status: 404, message: 'The account has no such session.' },
  OWN_ADMIN_ROLE: { status: 409, message: 'Nobody takes the admin role from themselves; ask another admin.' },
  SUPPORT_MAY_NOT: { status: 403, message: 'Staff who entered an account for a check may not change it.' },
  REFRESH_INVALID: { status: 401, message: 'The refresh token is not valid any more; sign in again.' },
  REFRESH_REUSED: { status: 401, message: 'The refresh token was used before; its session has been ended.' },
})

const entryLimit = { points: 30, perS: 60, by: 'address' } as const

export const identity = contract(
  'identity',
  {
    guest: command({
      summary: 'Enter as a new guest',
      auth: 'public',
      http: 'POST /v1/identity/guest',
      input: z.strictObject({ displayName: DisplayName.optional() }),
      output: Tokens.extend({
        recovery: Recovery.describe('keep it with the refresh token: `login` takes it as a username and a password'),
      }),
      timeoutMs: 10_000,
      limit: entryLimit,
    }),
    register: command({
      summary: 'Make an account with a device, a username or an e-mail address',
      auth: 'public',
      http: 'POST /v1/identity/register',
      input: z.strictObject({ credentials: Credentials, displayName: DisplayName.optional() }),
      output: Tokens,
      errors: ['USERNAME_TAKEN', 'EMAIL_TAKEN', 'DEVICE_TAKEN'],
      limit: entryLimit,
      timeoutMs: 10_000,
    }),
    login: command({
      summary: 'Sign in',
      auth: 'public',
      http: 'POST /v1/identity/login',
      input: z.strictObject({ credentials: Credentials }),
      output: Tokens,
      errors: ['BAD_CREDENTIALS'],
      limit: entryLimit,
      timeoutMs: 10_000,
    }),
    refresh: command({
      summary: 'Trade a refresh token for new tokens',
      auth: 'public',
      http: 'POST /v1/identity/refresh',
      input: z.strictObject({ refreshToken: z.string().min(1).max(512) }),
      output: Tokens,
      errors: ['REFRESH_INVALID', 'REFRESH_REUSED'],
      limit: { points: 120, perS: 60, by: 'address' },
    }),
    keys: query({
      summary: 'The public keys that verify access tokens (JWKS)',
      auth: 'public',
      http: 'GET /v1/identity/keys',
      output: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
    }),
    account: query({
      summary: "The caller's account",
      auth: 'player',
      http: 'GET /v1/identity/account',
      output: Account,
    }),
    link: command({
      summary: 'Add a way into the account',
      auth: 'player',
      http: 'POST /v1/identity/links',
      input: z.strictObject({ credentials: Credentials }),
      output: Account,
      errors: ['SUPPORT_MAY_NOT', 'ALREADY_LINKED', 'USERNAME_TAKEN', 'EMAIL_TAKEN', 'DEVICE_TAKEN'],
      timeoutMs: 10_000,
    }),
    unlink: command({
      summary: 'Remove a way into the account',
      auth: 'player',
      http: 'DELETE /v1/identity/links/:type',
      input: z.strictObject({ type: LoginType }),
      output: Account,
      errors: ['SUPPORT_MAY_NOT', 'NOT_LINKED', 'LAST_LOGIN'],
    }),
    changePassword: command({
      summary: "Change a login's password; every other session is ended",
      auth: 'player',
      http: 'PUT /v1/identity/links/:type/password',
      input: z.strictObject({ type: z.enum(['password', 'email']), password: Password, newPassword: Password }),
      errors: ['SUPPORT_MAY_NOT', 'NOT_LINKED', 'BAD_CREDENTIALS'],
      limit: entryLimit,
      timeoutMs: 10_000,
    }),
    sessions: query({
      summary: "The account's live sessions",
      auth: 'player',
      http: 'GET /v1/identity/sessions',
      output: z.object({ sessions: z.array(Session) }),
    }),
    revokeSession: command({
      summary: 'End one session',
      auth: 'player',
      http: 'DELETE /v1/identity/sessions/:sessionId',
      input: z.strictObject({ sessionId: Id }),
      errors: ['UNKNOWN_SESSION'],
      idempotent: true,
    }),
    logout: command({
      summary: 'End the session of this token',
      auth: 'player',
      http: 'POST /v1/identity/logout',
      idempotent: true,
    }),
    deleteAccount: command({
      summary: 'Delete the account and the personal data that hangs on it',
      auth: 'player',
      http: 'DELETE /v1/identity/account',
      errors: ['SUPPORT_MAY_NOT'],
      idempotent: true,
    }),
    setRoles: command({
      summary: "Set an account's roles",
      auth: 'admin',
      http: 'PUT /v1/identity/accounts/:playerId/roles',
      input: z.strictObject({ playerId: Id, roles: z.array(z.enum(ROLES)).max(ROLES.length) }),
      output: Account,
      errors: ['UNKNOWN_ACCOUNT', 'OWN_ADMIN_ROLE'],
      idempotent: true,
    }),
    supportEnter: command({
      summary: 'Enter an account by its generated username, for a check; recorded',
      auth: 'support',
      http: 'POST /v1/identity/support/enter',
      input: z.strictObject({ generatedUsername: Text.max(64), reason: Text.trim().min(8).max(500) }),
      output: SupportEntry,
      errors: ['UNKNOWN_ACCOUNT'],
    }),
    supportEntries: query({
      summary: 'Who entered which account, when and why, newest first',
      auth: 'admin',
      http: 'GET /v1/identity/support/entries',
      input: z.strictObject({ before: Id.optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
      output: z.object({
        entries: z.array(z.object({ id: Id, staffId: Id, playerId: Id, reason: z.string(), at: Timestamp })),
      }),
    }),
  },
  { errors: identityErrors },
)

/** Told on the topic `user:<playerId>` when a session ends before its time; the gateway then closes that session's sockets. */
export const SESSION_REVOKED = 'SESSION_REVOKED'
export const SessionRevoked = z.object({
  sessionId: Id,
  reason: z.enum(['logout', 'revoked', 'reused', 'displaced', 'password', 'deleted']),
})
export type SessionRevoked = z.infer<typeof SessionRevoked>

export const USER_CREATED = event('USER_CREATED', {
  data: z.object({ userId: Id, loginType: LoginType, displayName: z.string().optional(), at: Timestamp }),
  key: (data) => data.userId,
})
export const USER_UPDATED = event('USER_UPDATED', {
  data: z.object({ userId: Id, changed: z.array(z.string()), at: Timestamp }),
  key: (data) => data.userId,
})
export const USER_DELETED = event('USER_DELETED', {
  data: z.object({ userId: Id, at: Timestamp }),
  key: (data) => data.userId,
})

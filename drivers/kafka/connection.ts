import { OperatorError } from '@meydan/kernel/config'
import { Admin, findErrorBy } from '@platformatic/kafka'
import { certificateRefusal } from '../tls/certificate.ts'
import { within } from './within.ts'

/** How the brokers know us, and we them. */
export interface KafkaAccess {
  /** TLS, with brokers whose certificates this process trusts. */
  readonly tls: boolean
  readonly sasl?: Sasl
}

interface Sasl {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username: string
  readonly password: string
}

/** How every client of ours reaches the brokers. Times are in milliseconds. */
export interface Connection {
  readonly clientId: string
  readonly bootstrapBrokers: string[]
  readonly connectTimeout: number
  readonly requestTimeout: number
  readonly timeout: number
  readonly retries: number
  readonly retryDelay: number
  readonly tls?: object
  readonly tlsServerName?: boolean
  readonly sasl?: Sasl
}

export function connectionTo(brokers: readonly string[], { tls, sasl }: KafkaAccess): Connection {
  return {
    clientId: 'meydan',
    bootstrapBrokers: [...brokers],
    connectTimeout: 3_000,
    // A member waits this long for the others of its group to join; see REBALANCE_MS in feed.ts.
    requestTimeout: 20_000,
    timeout: 5_000,
    // A leader that has moved is found within a second or so; what takes longer is for the caller to try again.
    retries: 4,
    retryDelay: 300,
    // With its name (SNI): at a managed cluster one address has the certificates of many.
    ...(tls && { tls: {}, tlsServerName: true }),
    ...(sasl && { sasl }),
  }
}

const REACH_MS_MAX = 10_000
const ANSWER_MS_MAX = 3_000

/** Throws an OperatorError that says what to do unless one of the brokers answers within 10 s. */
export async function assertReachable(connection: Connection): Promise<void> {
  const brokers = connection.bootstrapBrokers.join(', ')
  // A client that gives up soon: what it still waits for would hold up the end of the process.
  const admin = new Admin({ ...connection, requestTimeout: ANSWER_MS_MAX, retries: 1 })
  try {
    const inTime = await within(REACH_MS_MAX, admin.metadata({ topics: [] }))
    if (!inTime) throw new Error(`no answer in ${REACH_MS_MAX} ms`)
  } catch (cause) {
    throw new OperatorError(sentenceOf(cause, brokers, connection), { cause })
  } finally {
    await admin.close()
  }
}

function sentenceOf(cause: unknown, brokers: string, { sasl }: Connection): string {
  const root = rootOf(cause)
  const untrusted = certificateRefusal(brokers, root, 'MEYDAN_KAFKA_BROKERS')
  if (untrusted !== undefined) return untrusted
  if (sasl && answered(root, 'SASL_AUTHENTICATION_FAILED')) {
    return `The brokers at ${brokers} do not let user '${sasl.username}' in by ${sasl.mechanism}: correct MEYDAN_KAFKA_USER, MEYDAN_KAFKA_PASSWORD or MEYDAN_KAFKA_SASL.`
  }
  const code = root instanceof Error && 'code' in root ? String(root.code) : ''
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing answers at ${brokers}: start Kafka there, or correct MEYDAN_KAFKA_BROKERS.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of ${brokers} cannot be found: correct MEYDAN_KAFKA_BROKERS.`
    default:
      return `No Kafka answers at ${brokers} (${root instanceof Error ? root.message : String(root)}): correct MEYDAN_KAFKA_BROKERS, or MEYDAN_KAFKA_TLS and MEYDAN_KAFKA_SASL for what the brokers there want.`
  }
}

/** What went wrong first: the client wraps it in what it tried in vain. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0])
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error
}

/** Whether the broker's answer was this error of the protocol (`TOPIC_ALREADY_EXISTS`). */
export function answered(error: unknown, apiId: string): boolean {
  return error instanceof Error && findErrorBy(error, 'apiId', apiId) !== null
}

import { OperatorError } from '@meydan/kernel/config'
import { ConnectionTimeoutError, SocketTimeoutError } from '@redis/client'
import { certificateRefusal } from '../tls/certificate.ts'

/** One sentence for the operator about why the Redis at `url` cannot be used. Never shows the password. */
export function refusal(url: string, error: unknown): Error {
  if (error instanceof OperatorError) return error
  if (!URL.canParse(url)) return new OperatorError('MEYDAN_REDIS_URL is no URL: write redis://user:password@host:6379.')
  const { host, pathname, username } = new URL(url)
  const place = host || pathname
  const untrusted = certificateRefusal(place, error, 'MEYDAN_REDIS_URL')
  const user = decodeURIComponent(username) || 'default'
  return new OperatorError(untrusted ?? sentence(place, user, error), { cause: error })
}

function sentence(place: string, user: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? error.code : why.split(' ')[0]
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return `Nothing answers at ${place}: start Redis there, or correct MEYDAN_REDIS_URL.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of ${place} cannot be found: correct MEYDAN_REDIS_URL.`
    case 'NOAUTH':
    case 'WRONGPASS':
      return `Redis at ${place} does not let user '${user}' in: correct user and password in MEYDAN_REDIS_URL.`
    case 'NOPERM':
      return `Redis at ${place} does not let user '${user}' do what is needed (${why}): see drivers/redis/README.md.`
    default:
      if (error instanceof ConnectionTimeoutError || error instanceof SocketTimeoutError) {
        return `Redis at ${place} does not answer: look at the server and at the network between, or correct MEYDAN_REDIS_URL.`
      }
      return `Redis at ${place} cannot be used: ${why}.`
  }
}

import { OperatorError } from '@meydan/kernel/config'
import { certificateRefusal } from '../tls/certificate.ts'

/** One sentence for the operator about why the database at `url` cannot be used. Never shows the password. */
export function refusal(url: string, error: unknown): Error {
  if (error instanceof OperatorError) return error
  const place = placeOf(url)
  if (place === undefined) {
    return new OperatorError(
      'MEYDAN_POSTGRES_URL is no database URL: write postgres://user:password@host:port/database.',
    )
  }
  const why = error instanceof Error ? error.message : String(error)
  const untrusted = certificateRefusal(place.host, error, 'MEYDAN_POSTGRES_URL')
  return new OperatorError(untrusted ?? sentence(place, error, why), { cause: error })
}

interface Place {
  readonly host: string
  readonly user: string
  readonly database: string
}

function placeOf(url: string): Place | undefined {
  if (!URL.canParse(url)) return undefined
  const parsed = new URL(url)
  if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') return undefined
  const user = decodeURIComponent(parsed.username)
  return {
    host: parsed.host === '' ? 'localhost' : parsed.host,
    user,
    database: decodeURIComponent(parsed.pathname.slice(1)) || user,
  }
}

function sentence(place: Place, error: unknown, why: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing answers at ${place.host}: start Postgres there, or correct MEYDAN_POSTGRES_URL.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of ${place.host} cannot be found: correct MEYDAN_POSTGRES_URL.`
    case '28P01':
    case '28000':
      return `Postgres at ${place.host} does not let user '${place.user}' in (${why}): correct user and password in MEYDAN_POSTGRES_URL.`
    case '3D000':
      return `Postgres at ${place.host} has no database '${place.database}': create it, or correct MEYDAN_POSTGRES_URL.`
    case '42501':
      return `User '${place.user}' may not use database '${place.database}' at ${place.host} (${why}): grant it CREATE there.`
    default:
      return `Postgres at ${place.host} cannot be used: ${why}.`
  }
}

import { core } from '@meydan/contracts/core'
import type { Caller } from '@meydan/kernel/rpc'
import type { TokenVerifier } from '@meydan/kernel/tokens'
import type { FastifyRequest } from 'fastify'
import { callerFrom, originOf } from '../caller.ts'

/** Who calls, by the token of the request. Throws, or rejects with, UNAUTHENTICATED for one that is not valid. */
export function bearerOf(verify: TokenVerifier, { ip, headers }: FastifyRequest): Caller | Promise<Caller> {
  const origin = originOf(ip, headers['user-agent'])
  const { authorization } = headers
  if (authorization === undefined) return callerFrom(origin, null)
  const token = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1]
  if (token === undefined) throw core.UNAUTHENTICATED({ message: 'Authorization should read: Bearer <access token>.' })
  const owner = verify(token)
  return owner instanceof Promise ? owner.then((checked) => callerFrom(origin, checked)) : callerFrom(origin, owner)
}

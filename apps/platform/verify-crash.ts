import { createHash, createHmac } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Proof } from '@meydan/contracts/crash'
import { crashPoint, leadingBits } from '@meydan/games/crash'
import { OperatorError } from '@meydan/kernel/config'

const USE = 'Use: meydan crash verify ROUND [--url URL], or meydan crash verify --hash HASH --salt SALT.'
const HASH = /^[0-9a-f]{64}$/
const ROUND = /^\d{1,19}$/
const URL_DEFAULT = 'http://127.0.0.1:4000'
const ANSWER_MS_MAX = 10_000

/** `meydan crash verify …`: how a round's result follows from its hash and salt, step by step. Of a server it believes only what that committed to. */
export async function crash(args: readonly string[]): Promise<void> {
  const options = {
    hash: { type: 'string' },
    salt: { type: 'string' },
    url: { type: 'string', default: URL_DEFAULT },
  } as const
  const { values, positionals } = parsed(() => parseArgs({ args: [...args], options, allowPositionals: true }))
  const [what, roundId] = positionals
  const { hash, salt, url } = values
  if (what !== 'verify') throw new OperatorError(USE)
  if (hash !== undefined && salt !== undefined && roundId === undefined) say(steps(hash, salt))
  else if (roundId !== undefined && hash === undefined && salt === undefined)
    say(provenSteps(await proofOf(roundId, url)))
  else throw new OperatorError(USE)
}

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`)

function parsed<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new OperatorError(`${error instanceof Error ? error.message : error}\n${USE}`)
  }
}

/** Throws an OperatorError for what is no hash, or no text in ASCII. */
export function steps(hash: string, salt: string): string[] {
  if (!HASH.test(hash)) throw new OperatorError('--hash is 64 hexadecimal digits, in lower case.')
  if (!/^[\x20-\x7e]+$/.test(salt)) throw new OperatorError('--salt is text in ASCII.')
  const digest = createHmac('sha256', salt).update(Buffer.from(hash, 'hex')).digest()
  const bits = leadingBits(digest)
  return [
    `hash        ${hash}`,
    `salt        ${salt}`,
    `hmac        ${digest.toString('hex')}   HMAC-SHA256(key = salt as text, message = the 32 bytes of the hash)`,
    `r           ${bits}   its first 52 bits`,
    `99/(1−r/2⁵²)  ${99 / (1 - bits / 2 ** 52)}`,
    `multiplier  ${times(crashPoint(digest))}   the whole part of that as hundredths, at least 1.00×`,
  ]
}

/** Throws an OperatorError where the server's word does not follow from what it committed to. */
export function provenSteps({ roundId, number, hash, chain, multiplier, outcome }: Proof): string[] {
  const { commitment, committedAt, salt, saltAnnouncedAt } = chain
  if (salt === null) throw new OperatorError('The server tells no salt.')
  let link = Buffer.from(hash, 'hex')
  for (let hashed = 0; hashed < number; hashed++) link = createHash('sha256').update(link).digest()
  if (link.toString('hex') !== commitment) {
    throw new OperatorError(
      `The hash, hashed ${number} times, is ${link.toString('hex')} and not the commitment ${commitment}.`,
    )
  }
  const lines = steps(hash, salt)
  const result = crashPoint(createHmac('sha256', salt).update(Buffer.from(hash, 'hex')).digest())
  if (outcome === 'crashed' && result !== multiplier) {
    throw new OperatorError(`${lines.join('\n')}\nThe server says ${times(multiplier)}: that does not follow.`)
  }
  return [
    `round       ${roundId}, number ${number} of its chain`,
    `commitment  ${commitment}   SHA-256 of the hash, ${number} times over: it fits`,
    `            committed at ${committedAt}, salt announced at ${saltAnnouncedAt}`,
    ...lines,
    outcome === 'crashed'
      ? `The server said ${times(multiplier)}: it fits.`
      : `The round was interrupted at ${times(multiplier)}, before that.`,
  ]
}

const times = (hundredths: number): string => `${(hundredths / 100).toFixed(2)}×`

async function proofOf(roundId: string, url: string): Promise<Proof> {
  if (!ROUND.test(roundId)) throw new OperatorError(`'${roundId}' is no round: ids are digits.`)
  const path = `${url.replace(/\/+$/, '')}/v1/crash/rounds/${roundId}/proof`
  const answer = await fetch(path, { signal: AbortSignal.timeout(ANSWER_MS_MAX) }).catch((error: unknown) => {
    throw new OperatorError(
      `${path} does not answer (${error instanceof Error ? error.message : error}). Where is the server? --url says.`,
    )
  })
  const body: unknown = await answer.json()
  if (!answer.ok) throw new OperatorError(`${path} answers ${answer.status}: ${JSON.stringify(body)}`)
  return Proof.parse(body)
}

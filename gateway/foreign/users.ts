import { randomUUID } from 'node:crypto'
import { CRASH_CURRENCY } from '@meydan/contracts/crash'
import { Credentials, identityErrors, Password, Username } from '@meydan/contracts/identity'
import type { BalanceOf } from '@meydan/contracts/wallet'
import { z } from 'zod'
import type { Platform } from './platform.ts'
import type { Route } from './route.ts'
import { Coins, coinsOf, read, SomeCoins } from './written.ts'

const text = z.string('should be a text')
const Registration = z.object({ username: text.pipe(Username), password: text.pipe(Password) })
const Login = z.object({ username: text, password: text })

/** `ammount` is how the interface spells it. */
const Added = z
  .object({ ammount: z.unknown(), amount: z.unknown() })
  .partial()
  .transform(({ ammount, amount }) => ({ ammount: ammount ?? amount }))
  .pipe(z.object({ ammount: SomeCoins }))
const Balance = z
  .object({ balance: z.unknown(), ammount: z.unknown(), amount: z.unknown() })
  .partial()
  .transform(({ balance, ammount, amount }) => ({ balance: balance ?? ammount ?? amount }))
  .pipe(z.object({ balance: Coins }))

export function userRoutes({ identity, wallet, crash }: Platform): readonly Route[] {
  const validate: Route['work'] = async (_asked, context) => {
    const { generatedUsername, links } = await identity.account({}, context)
    const { userNumber } = await crash.me({}, context)
    const chosen = links.find(({ type }) => type === 'password')?.label
    return { status: 'valid', user_id: userNumber, username: chosen ?? generatedUsername }
  }

  return [
    {
      method: 'POST',
      url: '/user/v1/auth/register',
      status: 201,
      async work({ body }, context) {
        const { username, password } = read(Registration, body)
        const credentials = { type: 'password', username, password } as const
        await identity.register({ credentials, displayName: username }, context)
        return { message: 'User registered successfully' }
      },
    },
    {
      method: 'POST',
      url: '/user/v1/auth/login',
      async work({ body }, context) {
        const credentials = Credentials.safeParse({ type: 'password', ...read(Login, body) })
        // Nobody could have registered with these.
        if (!credentials.success) throw identityErrors.BAD_CREDENTIALS()
        const { accessToken } = await identity.login({ credentials: credentials.data }, context)
        return { access_token: accessToken }
      },
    },
    { method: 'POST', url: '/user/v1/auth/validate', work: validate },
    { method: 'GET', url: '/user/v1/auth/validate', work: validate },
    {
      method: 'GET',
      url: '/user/v1/balance',
      async work(_asked, context) {
        const { balances } = await wallet.balances({}, context)
        return told(balances.find(({ currency }) => currency === CRASH_CURRENCY))
      },
    },
    {
      method: 'PUT',
      url: '/user/v1/balance',
      async work({ body }, context) {
        const { ammount: amount } = read(Added, body)
        return told(await wallet.faucet({ key: randomUUID(), currency: CRASH_CURRENCY, amount }, context))
      },
    },
    {
      method: 'POST',
      url: '/user/v1/balance',
      async work({ body }, context) {
        const { balance } = read(Balance, body)
        return told(await wallet.setBalance({ key: randomUUID(), currency: CRASH_CURRENCY, balance }, context))
      },
    },
    {
      method: 'GET',
      url: '/user/v1/status',
      async work(_asked, context) {
        await identity.keys({}, context)
        return { status: 'running' }
      },
    },
  ]
}

/** Who never had any has 0. */
function told(coins: BalanceOf | undefined): object {
  return { balance: coinsOf(coins?.balance ?? 0) }
}

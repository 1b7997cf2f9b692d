import { Currency as Name } from '@meydan/contracts/wallet'
import type { Currency } from '@meydan/services/wallet'
import { z } from 'zod'

const DECIMALS_MAX = 8
const EXAMPLE = 'should look like coins:2,gems:0'

/** `coins:2,gems:0`: what each currency is called, and the digits of its minor unit. */
export const currencies = z.string().transform((text, context): ReadonlyMap<string, Currency> => {
  const found = numbersOf(text, context)
  for (const [name, decimals] of found) {
    if (!Name.safeParse(name).success) complain(context, `${name}: a currency has lower case letters, digits and _`)
    if (decimals > DECIMALS_MAX) complain(context, `${name}: ${DECIMALS_MAX} digits at most`)
  }
  if (found.size === 0) complain(context, EXAMPLE)
  return new Map([...found].map(([name, decimals]) => [name, { decimals }]))
})

/** `name:number,name:number`, each name once. */
function numbersOf(text: string, context: z.RefinementCtx): Map<string, number> {
  const found = new Map<string, number>()
  for (const item of text.split(',')) {
    const [, name, digits] = /^\s*([^\s:]+):(\d{1,15})\s*$/.exec(item) ?? []
    if (name === undefined) complain(context, `'${item.trim()}' ${EXAMPLE}`)
    else if (found.has(name)) complain(context, `${name} is there twice`)
    else found.set(name, Number(digits))
  }
  return found
}

function complain(context: z.RefinementCtx, message: string): void {
  context.addIssue({ code: 'custom', message })
}

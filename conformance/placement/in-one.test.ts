import { afterAll, test } from 'vitest'
import { inOne } from './places.ts'
import { scenarios } from './scenarios.ts'

/** Everything in one process: a call is a function call. */

const place = await inOne()
afterAll(() => place.close())

for (const scenario of scenarios) test(scenario.name, () => scenario.run(place))

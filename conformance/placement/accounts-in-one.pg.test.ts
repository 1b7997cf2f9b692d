import { testDatabase } from '@meydan/conformance/harness'
import { afterAll, test } from 'vitest'
import { accountsInOne } from './accounts-places.ts'
import { accountsScenarios } from './accounts-scenarios.ts'

const database = await testDatabase('placement')
const place = await accountsInOne(database.url)
afterAll(async () => {
  await place.close()
  await database.close()
})

for (const scenario of accountsScenarios) test(scenario.name, () => scenario.run(place))

import { afterAll, beforeAll, describe, test } from 'vitest'
import { type AccountsCluster, accountsInCluster } from './accounts-cluster.ts'
import { accountsScenarios } from './accounts-scenarios.ts'

/** Whatever holds where identity and players are called directly holds for whoever calls them through the cluster's entrance. */

let cluster: AccountsCluster
beforeAll(async () => {
  cluster = await accountsInCluster()
}, 120_000)
afterAll(() => cluster?.close())

for (const way of ['REST', 'socket'] as const) {
  describe(`through nginx, by ${way}`, () => {
    for (const scenario of accountsScenarios) {
      test(scenario.name, async () => {
        const place = cluster.place(way)
        try {
          await scenario.run(place)
        } finally {
          await place.close()
        }
      })
    }
  })
}

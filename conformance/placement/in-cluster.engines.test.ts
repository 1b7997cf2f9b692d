import { afterAll, expect, test, vi } from 'vitest'
import { startRedis } from '../engines/redis-server.ts'
import { inCluster } from './places.ts'
import { scenarios } from './scenarios.ts'

/** The same in three processes, which find each other as those of a cluster do. */

const redis = await startRedis()
const place = await inCluster(redis.url)
afterAll(async () => {
  await place.close()
  await redis.close()
})

// Each looks at the list once a second: `back` has to have seen `front`, which may have come after it.
await vi.waitFor(
  () =>
    expect(
      place.host.call('front.there', {}, place.from({ kind: 'anonymous', address: '192.0.2.1' })),
    ).resolves.toBeDefined(),
  { timeout: 15_000, interval: 100 },
)

for (const scenario of scenarios) test(scenario.name, () => scenario.run(place))

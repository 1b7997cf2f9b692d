import { readFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { startPlatform } from '@meydan/conformance/platform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copiedPaths, environmentOf, isIgnored, layOut } from './image.ts'
import { inRepo } from './tools.ts'

let folder: string
let database: TestDatabase
beforeAll(async () => {
  folder = await layOut()
  database = await testDatabase('image')
})
afterAll(async () => {
  await database?.close()
  await rm(folder, { recursive: true })
})

test('C11 what the image holds is all that the platform needs, page and all, and it writes nothing into it', async () => {
  const before = await readdir(folder, { recursive: true })
  const main = join(folder, 'apps/platform/main.ts')
  const { MEYDAN_DATA, ...environment } = environmentOf()
  expect(MEYDAN_DATA).toBe('/data')
  const settings = { ...environment, MEYDAN_HOST: '127.0.0.1', MEYDAN_DRAIN_MS: '500' }
  const platform = await startPlatform({ ...settings, MEYDAN_POSTGRES_URL: database.url }, { main })
  try {
    expect((await fetch(`${platform.url}/app/`)).status).toBe(200)
    expect((await fetch(`${platform.url}/v1/identity/keys`)).status).toBe(200)
  } finally {
    expect(await platform.stop()).toBe(0)
  }
  expect(await readdir(folder, { recursive: true })).toEqual(before)
})

test('C11 the image is not root’s, runs the Node that is pinned, and says whether it lives', () => {
  const dockerfile = readFileSync(inRepo('deploy/docker/Dockerfile'), 'utf8')
  const { devDependencies } = JSON.parse(readFileSync(inRepo('package.json'), 'utf8'))
  expect(dockerfile).toContain(`FROM node:${devDependencies.node}-`)
  expect(dockerfile).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
  expect(dockerfile).toMatch(/^HEALTHCHECK [\s\S]*\/livez/m)
})

test('C11 neither secrets nor data nor tests get into the image', () => {
  for (const path of ['.meydan/secrets.json', 'secrets.json', '.env', 'apps/platform/.env.local', '.git/config']) {
    expect([path, isIgnored(path)]).toEqual([path, true])
  }
  expect(isIgnored('apps/platform/roles.test.ts')).toBe(true)
  expect(copiedPaths().filter(isIgnored)).toEqual(['apps/web/dist'])
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { servePages } from '../pages.ts'

const app = Fastify()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-pages-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html>')
  await writeFile(join(folder, 'assets', 'index-1.js'), '')
  await servePages(app, folder)
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true })
})

test('A13 the page may run its own files and talk to its own server, and nothing else', async () => {
  const { headers } = await app.inject('/app/')
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("connect-src 'self';")
  expect(policy).not.toMatch(/unsafe|\*|blob:|wss?:|https?:/)
  expect(headers['x-content-type-options']).toBe('nosniff')
})

test('A13 a file whose name changes with its content is kept for good, and the page is asked for each time', async () => {
  expect((await app.inject('/app/assets/index-1.js')).headers['cache-control']).toContain('immutable')
  expect((await app.inject('/app/')).headers['cache-control']).toBe('no-cache')
})

test('A12 A13 /feedback leads to the page where feedback is left', async () => {
  for (const path of ['/feedback', '/feedback/']) {
    const { statusCode, headers } = await app.inject(path)
    expect(statusCode).toBe(302)
    expect(headers.location).toBe('/app/feedback')
  }
})

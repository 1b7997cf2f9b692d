import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOpen, loadSecrets } from './secrets.ts'

let dataFolder: string
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'meydan-secrets-'))
})
afterEach(() => rm(dataFolder, { recursive: true }))

const local = () => ({ given: undefined, dataFolder, production: false })

test('DESIGN §2 secrets are made on first start, for the owner alone, and kept', async () => {
  const first = await loadSecrets(local())
  expect((await stat(join(dataFolder, 'secrets.json'))).mode & 0o777).toBe(0o600)
  expect(await loadSecrets(local())).toEqual(first)
})

test('DESIGN §2 two first starts at once agree on one set', async () => {
  const both = await Promise.all([loadSecrets(local()), loadSecrets(local())])
  expect(both[0]).toEqual(both[1])
})

test('DESIGN §2 production refuses made-up secrets', async () => {
  await expect(loadSecrets({ ...local(), production: true })).rejects.toThrow(/MEYDAN_SECRETS/)
})

test('DESIGN §2 a secrets file that others can read is refused with the command that mends it', async () => {
  const given = join(dataFolder, 'given.json')
  await writeFile(given, '{}')
  await chmod(given, 0o644)
  await expect(loadSecrets({ ...local(), given })).rejects.toThrow(`chmod 600 ${given}`)
})

test.each([
  { mode: 0o600, uid: 1000, self: 1000, open: false },
  { mode: 0o640, uid: 1000, self: 1000, open: true },
  // A Secret of Kubernetes: root's, and the group of the pod may read it.
  { mode: 0o440, uid: 0, self: 1000, open: false },
  { mode: 0o460, uid: 0, self: 1000, open: true },
  { mode: 0o444, uid: 0, self: 1000, open: true },
  { mode: 0o640, uid: 0, self: 0, open: true },
])('DESIGN §2 a secrets file is its owner’s alone, or root’s for a group: %o', ({ mode, uid, self, open }) => {
  expect(isOpen({ mode, uid }, self)).toBe(open)
})

test('DESIGN §2 a file that is no secrets file is named', async () => {
  const given = join(dataFolder, 'given.json')
  await writeFile(given, 'not json', { mode: 0o600 })
  await expect(loadSecrets({ ...local(), given })).rejects.toThrow(/is not a secrets file/)
})

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

interface Cruise {
  summary: { totalCruised: number; violations: { rule: { name: string } }[] }
}

async function cruise(...places: string[]): Promise<Cruise> {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await run(process.execPath, [bin, ...places, '-T', 'json'], options)
  return JSON.parse(stdout)
}

const PLACES = [
  'contracts',
  'kernel',
  'drivers',
  'realtime',
  'games',
  'gateway',
  'services',
  'sdk',
  'apps',
  'conformance',
  'bench',
]
/** Far below what there is: a cruise that reads nothing would pass every rule. */
const MODULES_MIN = 100

test('DESIGN §1 nobody imports what it may not, and the check read the tree', async () => {
  const { summary } = await cruise(...PLACES)
  expect(summary.violations).toEqual([])
  expect(summary.totalCruised).toBeGreaterThan(MODULES_MIN)
}, 60_000)

test('DESIGN §1 a service that imports another is caught', async () => {
  const folder = await mkdtemp(join(root, 'services', 'trespass-'))
  try {
    await writeFile(join(folder, 'module.ts'), "import '../identity/index.ts'\nimport '@meydan/drivers/memory'\n")
    const { summary } = await cruise(folder.slice(root.length))
    const broken = summary.violations.map((violation) => violation.rule.name)
    expect(broken).toContain('a-service-never-imports-another')
    expect(broken.some((name) => name.startsWith('services-imports-only'))).toBe(true)
  } finally {
    await rm(folder, { recursive: true })
  }
}, 60_000)

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { z } from 'zod'
import { PINNING } from './child.ts'

const folder = new URL('../results/', import.meta.url)
const GIB = 2 ** 30

/** Writes `bench/results/<name>.json`: what was measured, on what. Nothing in it says whose machine it was. */
export async function keepResult(name: string, packages: readonly string[], result: object): Promise<void> {
  const versions = await Promise.all(packages.map(async (each) => [each, await versionOf(each)] as const))
  const kept = {
    bench: name,
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGib: Math.round(totalmem() / GIB),
      platform: `${process.platform}-${process.arch}`,
      pinning: PINNING,
    },
    versions: { node: process.versions.node, ...Object.fromEntries(versions) },
    ...result,
  }
  await mkdir(folder, { recursive: true })
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(kept, null, 2)}\n`)
  process.stdout.write(`written to bench/results/${name}.json\n`)
}

const Package = z.object({ version: z.string() })

/** As installed. Not every package lets its package.json be imported, so it is looked for where Node looks. */
async function versionOf(name: string): Promise<string> {
  const { resolve } = createRequire(import.meta.url)
  for (const place of resolve.paths(name) ?? []) {
    try {
      return Package.parse(JSON.parse(await readFile(`${place}/${name}/package.json`, 'utf8'))).version
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
  throw new Error(`${name} is not installed`)
}

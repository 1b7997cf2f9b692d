import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { z } from 'zod'

/** What a result says about where it was measured: nothing that names the machine. */
export function machine(): { cpu: string; cores: number } {
  const all = cpus()
  return { cpu: all[0]?.model.trim() ?? 'unknown', cores: all.length }
}

const Manifest = z.object({ version: z.string() })

/** Versions of Node and of packages as they are installed here. */
export function versions(packages: readonly string[]): { [name: string]: string } {
  const { resolve } = createRequire(import.meta.url)
  const version = (name: string) =>
    Manifest.parse(JSON.parse(readFileSync(resolve(`${name}/package.json`), 'utf8'))).version
  return { node: process.versions.node, ...Object.fromEntries(packages.map((name) => [name, version(name)])) }
}

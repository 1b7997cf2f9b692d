import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kafkaIsMissing } from '@meydan/conformance/harness'
import { describe } from 'vitest'

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'meydan-engines')
/** Where tools lie that the packages of a distribution or .ci/engines/deploy-tools bring. */
const FOLDERS = [join(CACHE, 'bin'), '/usr/local/sbin', '/usr/sbin', '/usr/local/bin', '/usr/bin']

export const KUBERNETES_SCHEMAS = join(CACHE, 'kubernetes-schemas')

type Tool = 'helm' | 'kubeconform' | 'compose-spec' | 'nginx' | 'openssl' | 'prometheus' | 'promtool' | 'redis-server'

/** The path of a file of the repository. */
export function inRepo(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

/** The path of the tool. Throws when it is not installed. */
export function pathOf(tool: Tool): string {
  const path = find(tool)
  if (path === undefined)
    throw new Error(`${tool} is not installed: run .ci/engines/install and .ci/engines/deploy-tools`)
  return path
}

function find(tool: Tool): string | undefined {
  return FOLDERS.map((folder) => join(folder, tool)).find((path) => existsSync(path))
}

/** What the tool prints. Throws with what it complains of when it fails. */
export function run(tool: Tool, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(pathOf(tool), args, { input, encoding: 'utf8', cwd: inRepo('.') })
  if (status !== 0) throw new Error(`${tool}: ${stdout}${stderr}`)
  return stdout
}

/** Tests that need these tools: left out, and so named, where one is missing; with REQUIRE_ENGINES=1 that fails. */
export function describeWith(tools: readonly (Tool | 'kafka')[], name: string, tests: () => void): void {
  const missing = tools.filter((tool) => (tool === 'kafka' ? kafkaIsMissing() : find(tool) === undefined))
  if (process.env.REQUIRE_ENGINES === '1' && missing.length > 0)
    throw new Error(`${missing.join(', ')}: not installed: run .ci/engines/install and .ci/engines/deploy-tools`)
  if (missing.length === 0) describe(name, tests)
  else describe.skip(`${name} (left out: no ${missing.join(', ')})`, tests)
}

import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const REQUIREMENTS = new URL('../../.ci/engines/python/requirements.txt', import.meta.url)

/** The Python that has python-socketio, where `.ci/engines/install` puts it; undefined where it is not installed. */
export function findPython(): string | undefined {
  const version = /^python-socketio==(.+)$/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1]
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'meydan-engines')
  const folder = join(cache, `python-socketio-${version}`)
  return existsSync(join(folder, 'installed')) ? join(folder, 'bin', 'python') : undefined
}

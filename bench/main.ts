import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { glob } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * `npm run bench` runs every benchmark, `npm run bench -- rest` one, `npm run bench -- --list` says which there are. Whatever was measured,
 * its page is drawn anew (`npm run bench -- --charts` does only that).
 */
const folder = import.meta.dirname
const all: string[] = []
for await (const path of glob('*/main.ts', { cwd: folder })) all.push(dirname(path))
all.sort()

const run = async (script: string, args: readonly string[]): Promise<void> => {
  const child = spawn(process.execPath, [`${folder}/${script}`, ...args], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) process.exitCode = 1
}

const [first, ...rest] = process.argv.slice(2)
if (first === '--list') {
  process.stdout.write(`${all.join('\n')}\n`)
} else if (first === '--charts') {
  await run('charts/write.ts', [])
} else if (first !== undefined && !all.includes(first)) {
  process.stderr.write(`There is no benchmark '${first}'; there are ${all.join(', ')}.\n`)
  process.exitCode = 1
} else {
  for (const name of first === undefined ? all : [first]) {
    process.stdout.write(`\n${name}\n`)
    await run(`${name}/main.ts`, rest)
  }
  await run('charts/write.ts', [])
}

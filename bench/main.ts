import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { glob } from 'node:fs/promises'
import { dirname } from 'node:path'

/** `npm run bench` runs every benchmark, `npm run bench -- rest` one, `npm run bench -- --list` says which there are. */
const folder = import.meta.dirname
const all: string[] = []
for await (const path of glob('*/main.ts', { cwd: folder })) all.push(dirname(path))
all.sort()

const [first, ...rest] = process.argv.slice(2)
if (first === '--list') {
  process.stdout.write(`${all.join('\n')}\n`)
} else if (first !== undefined && !all.includes(first)) {
  process.stderr.write(`There is no benchmark '${first}'; there are ${all.join(', ')}.\n`)
  process.exitCode = 1
} else {
  for (const name of first === undefined ? all : [first]) {
    process.stdout.write(`\n${name}\n`)
    const child = spawn(process.execPath, [`${folder}/${name}/main.ts`, ...rest], { stdio: 'inherit' })
    const [code] = await once(child, 'exit')
    if (code !== 0) process.exitCode = 1
  }
}

// Makes a fresh clone ready: installs what the lock file names when it is not there, and with --web builds the
// page when its sources changed. Plain JavaScript without dependencies, for any Node from 20 on.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR_MIN = 20
const root = fileURLToPath(new URL('..', import.meta.url))
const installedMark = join(root, 'node_modules', '.meydan-installed')
const builtMark = join(root, 'apps', 'web', 'dist', '.built-from')
/** What ends up in the page's bundle. */
const WEB_SOURCES = ['apps/web', 'sdk', 'contracts', 'games', 'package-lock.json']

function fail(sentence) {
  process.stderr.write(`meydan: ${sentence}\n`)
  process.exit(1)
}

function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  })
  return done.status === 0
}

function lockFileHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function isInstalled() {
  return existsSync(installedMark) && readFileSync(installedMark, 'utf8') === lockFileHash()
}

function install() {
  process.stdout.write('meydan: installing what package-lock.json names (once; a minute or two) …\n')
  // The engines of some tools ask for the pinned Node, which this very install brings.
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false']
  if (!run('npm', args)) fail('npm ci failed. Check that the npm registry can be reached (npm ping), then try again.')
  writeFileSync(installedMark, lockFileHash())
}

function* filesUnder(path) {
  if (!statSync(path).isDirectory()) {
    yield path
    return
  }
  for (const entry of readdirSync(path).sort()) {
    if (entry !== 'node_modules' && entry !== 'dist' && !entry.endsWith('.test.ts'))
      yield* filesUnder(join(path, entry))
  }
}

function webSourcesHash() {
  const hash = createHash('sha256')
  for (const source of WEB_SOURCES) {
    for (const file of filesUnder(join(root, source))) hash.update(file.slice(root.length)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function buildWeb() {
  const hash = webSourcesHash()
  if (existsSync(builtMark) && readFileSync(builtMark, 'utf8') === hash) return
  process.stdout.write('meydan: building the page (its sources changed) …\n')
  const bin = join(root, 'node_modules', '.bin')
  const path = `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`
  const env = { ...process.env, PATH: path }
  if (!run('npm', ['run', 'build', '--silent', '-w', 'apps/web'], { env })) fail('the page did not build; see above.')
  writeFileSync(builtMark, hash)
}

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
  fail(`Node ${process.versions.node} is too old to begin with; install Node ${NODE_MAJOR_MIN} or newer.`)
}
if (!isInstalled()) install()
if (process.argv.includes('--web')) buildWeb()

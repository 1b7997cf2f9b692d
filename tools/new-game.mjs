// `npm run new-game NAME`: makes games/NAME from the templates in tools/new-game/, with its tests, and adds it to the list of games.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const templates = fileURLToPath(new URL('./new-game/', import.meta.url))
const root = process.env.GAMES_ROOT ?? fileURLToPath(new URL('..', import.meta.url))
const name = process.argv[2] ?? ''

function fail(sentence) {
  process.stderr.write(`new-game: ${sentence}\n`)
  process.exit(1)
}

if (!/^[a-z][a-z0-9-]{1,31}$/.test(name)) {
  fail('give a name of 2 to 32 lower case letters, digits and dashes: npm run new-game coin-rush')
}
const folder = join(root, 'games', name)
if (existsSync(folder)) fail(`games/${name} is there already; choose another name, or remove it first.`)

const words = name.split('-')
const identifier = words
  .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
  .join('')
const title = words.join(' ').replace(/^./, (letter) => letter.toUpperCase())
const fill = (text) =>
  text.replaceAll('__NAME__', name).replaceAll('__IDENTIFIER__', identifier).replaceAll('__TITLE__', title)

mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'index.ts'), fill(readFileSync(join(templates, 'game.ts.txt'), 'utf8')))
writeFileSync(join(folder, `${name}.test.ts`), fill(readFileSync(join(templates, 'game.test.ts.txt'), 'utf8')))
writeFileSync(
  join(folder, 'README.md'),
  `# ${title}\n\nWhat the game is, its rules with their numbers, and how to change them.\n`,
)

const list = join(root, 'games', 'all', 'index.ts')
const text = readFileSync(list, 'utf8')
const withImport = text.replace(
  /(import type \{ Game \}.*\n)/,
  `$1import { ${identifier} } from '../${name}/index.ts'\n`,
)
const listed = withImport.replace(/(allGames: readonly Game\[\] = \[)([^\]]*)\]/, `$1$2, ${identifier}]`)
if (listed === withImport)
  fail(`${join(dirname(list), 'index.ts')} has changed its form; add ${identifier} to allGames by hand.`)
writeFileSync(list, listed)

process.stdout.write(`games/${name} is there, with its tests:
  npm test -- games/${name}
  npm start, and open /app/?game=${name}
Next: docs/guides/your-first-game.md
`)

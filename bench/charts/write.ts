import { glob, mkdir, rm, writeFile } from 'node:fs/promises'
import { draw } from './page.ts'
import { readResults, UnreadableResult } from './results.ts'

/** `npm run bench -- --charts`: writes docs/performance.md and its charts anew from bench/results. */
const docs = new URL('../../docs/', import.meta.url)
const images = new URL('images/', docs)

try {
  const { page, images: drawn } = draw(await readResults())
  await mkdir(images, { recursive: true })
  for await (const old of glob('bench-*.svg', { cwd: images })) if (!drawn.has(old)) await rm(new URL(old, images))
  for (const [name, content] of drawn) await writeFile(new URL(name, images), content)
  await writeFile(new URL('performance.md', docs), page)
  process.stdout.write(`written: docs/performance.md and ${drawn.size} charts in docs/images\n`)
} catch (error) {
  if (!(error instanceof UnreadableResult)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PAGE = new URL('../../docs/clients/crash.md', import.meta.url)
/** Beside the packages of this repository, where a program finds socket.io-client as it does at home. */
const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/foreign/', import.meta.url))
/** A round lasts as long as it takes to the coefficient at which a program leaves. */
const ROUND_MS_MAX = 50_000

/** What a program of the page prints in a round, win or lose. */
export const A_ROUND =
  /^player \d+ has 100(\.0)?$.*^Joined room: \d+$.*^bet 10\.5, until [\d.]+$.*^(win: 1\d(\.\d+)?|lose: 0)$.*^balance [\d.]+$/ms
/** What it complains of: it may crash while a withdrawal is on its way. */
export const TOO_LATE_AT_MOST = /^(The round had crashed by then\.\n)?$/

/** Runs the page's own program in that language against a server, and gives what it printed. Rejects when it fails or does not end. */
export async function runProgram(
  language: 'js' | 'python',
  interpreter: string,
  url: string,
): Promise<{ stdout: string; stderr: string }> {
  await mkdir(FOLDER, { recursive: true })
  const folder = await mkdtemp(FOLDER)
  const path = join(folder, language === 'js' ? 'client.mjs' : 'client.py')
  await writeFile(path, await programOf(language))
  try {
    return await promisify(execFile)(interpreter, [path, url], { timeout: ROUND_MS_MAX })
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function programOf(language: string): Promise<string> {
  const page = await readFile(PAGE, 'utf8')
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(([, name]) => name === language)
  const [program, another] = blocks.map(([, , code = '']) => code)
  if (program === undefined || another !== undefined) throw new Error(`the page should have one program in ${language}`)
  return program
}

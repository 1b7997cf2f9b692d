import { readFileSync } from 'node:fs'

const PAGE = new URL('../../docs/clients/crash.md', import.meta.url)

/** The page's own program in that language. Throws when it has not just one. */
export function programOf(language: 'js' | 'python'): string {
  const page = readFileSync(PAGE, 'utf8')
  const programs = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, code]) =>
    name === language && code !== undefined ? [code] : [],
  )
  const [program] = programs
  if (program === undefined || programs.length > 1)
    throw new Error(`the page has ${programs.length} programs in ${language}`)
  return program
}

/** What a program of the page prints in a round, win or lose. */
export const A_ROUND =
  /^player \d+ has 100\b.*^Joined room: \d+$.*^bet 10\.5, until [\d.]+$.*^(win: 1\d(\.\d+)?|lose: 0)$.*^balance [\d.]+$/ms

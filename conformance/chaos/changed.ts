import { registerHooks } from 'node:module'
import { env } from 'node:process'
import { z } from 'zod'

/** Run before a platform (`releaseWith`): it then is one of another release, in which a line of a file reads otherwise. */

const { file, from, to } = z
  .object({ file: z.string(), from: z.string(), to: z.string() })
  .parse(JSON.parse(env.CHANGED_LINE ?? ''))

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith(file)) return loaded
    const source = String(loaded.source)
    if (!source.includes(from)) throw new Error(`${file} has no '${from}'`)
    return { ...loaded, source: source.replace(from, to) }
  },
})

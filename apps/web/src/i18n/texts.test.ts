import { expect, test } from 'vitest'
import { en } from './texts.ts'
import { tr } from './tr/index.ts'

const holes = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort()

test.each(Object.keys(en) as (keyof typeof en)[])(
  'A13 the Turkish of %s leaves the same gaps to fill as the English',
  (namespace) => {
    const turkish: Readonly<Record<string, string>> = tr[namespace]
    for (const [key, text] of Object.entries<string>(en[namespace])) {
      expect({ key, holes: holes(turkish[key] ?? '') }).toEqual({ key, holes: holes(text) })
      expect(turkish[key]?.trim(), key).not.toBe('')
    }
  },
)

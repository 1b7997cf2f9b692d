import { useEffect, useState } from 'react'
import { client } from '../client.ts'
import { often } from '../often.ts'

/** The server's time, ms since 1970, read every so often. */
export function useNow(everyMs: number): number {
  const [nowMs, setNowMs] = useState(() => client.serverNowMs())
  useEffect(() => often(everyMs, () => setNowMs(client.serverNowMs())), [everyMs])
  return nowMs
}

import { spawn } from 'node:child_process'
import type { Place } from './place.ts'

/**
 * Waits for the end of our process by reading a pipe that only we hold open, then stops the server, so that not even
 * kill -9 leaves one behind. It makes sure by postmaster.pid that the number still is that server's.
 */
const SCRIPT = `
read -r word
[ "$word" = done ] && exit 0
read -r pid < "$2/postmaster.pid"
[ "$pid" = "$1" ] && kill -INT "$1"
[ -z "$3" ] && exit 0
while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
rm -rf "$3"
`

/** Gives a function that dismisses the watchdog. `remove`: a throwaway folder to remove once the server is down. */
export function watchdog(place: Place, pid: number, remove: string | undefined): () => void {
  if (process.platform === 'win32') return () => {}
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'meydan-watchdog', String(pid), place.data, remove ?? ''], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // Without a watchdog the next start still finds the orphan; that is no reason to stop now.
  child.once('error', () => {})
  child.stdin.once('error', () => {})
  child.unref()
  return () => child.stdin.end('done\n')
}

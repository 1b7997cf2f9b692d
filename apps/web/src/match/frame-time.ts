/** A frame is drawn a few milliseconds after the moment it stands for. */
const LATE_MS_MAX = 20

/**
 * The moment to draw in a frame, ms of `performance.now()`. Frames come evenly by their own times, and so does what moves in them; but a
 * browser under load hands them out hundreds of milliseconds late, while snapshots go on coming in: then the present counts.
 */
export function momentOf(frameMs: number): number {
  return Math.max(frameMs, performance.now() - LATE_MS_MAX)
}

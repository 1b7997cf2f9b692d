import { serveParent } from '../measure/child.ts'

/** How much of its core a process gets that wants all of it, and for how long it is kept waiting: `node stillness.ts`. */
const SPIN_MS = 1_000

function spin() {
  const cpu = process.cpuUsage()
  const beganMs = performance.now()
  let lastMs = beganMs
  let gapMs = 0
  while (lastMs - beganMs < SPIN_MS) {
    const nowMs = performance.now()
    gapMs = Math.max(gapMs, nowMs - lastMs)
    lastMs = nowMs
  }
  const { user, system } = process.cpuUsage(cpu)
  return { share: (user + system) / 1_000 / (lastMs - beganMs), gapMs }
}

serveParent(
  async () => spin(),
  async () => undefined,
)

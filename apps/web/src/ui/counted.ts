import { useEffect, useRef, useState } from 'react'
import { wantsLessMotion } from '../motion.ts'
import { countedUp } from './count-up.ts'

/** A whole number that moves to each new value from where it stands, first from `from`; there at once for whoever wants less movement. */
export function useCounted(to: number, from = to): number {
  const [shown, setShown] = useState(wantsLessMotion() ? to : from)
  const last = useRef(shown)
  useEffect(() => {
    const show = (value: number): void => {
      last.current = value
      setShown(value)
    }
    if (wantsLessMotion()) return show(to)
    const begin = last.current
    const beganMs = performance.now()
    let frame = requestAnimationFrame(function next(nowMs) {
      const value = countedUp(begin, to, nowMs - beganMs)
      show(value)
      if (value !== to) frame = requestAnimationFrame(next)
    })
    return () => cancelAnimationFrame(frame)
  }, [to])
  return shown
}

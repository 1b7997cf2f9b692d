/** What the player wants now. */
export interface Wish {
  moveX: number
  moveY: number
  /** Where to look, relative to the avatar on the screen; undefined: as before. */
  look: { readonly dx: number; readonly dy: number } | undefined
  fire: boolean
}

const STICK_PX = 60
const DEAD_ZONE = 0.15

const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  KeyW: [0, -1],
  ArrowUp: [0, -1],
  KeyS: [0, 1],
  ArrowDown: [0, 1],
  KeyA: [-1, 0],
  ArrowLeft: [-1, 0],
  KeyD: [1, 0],
  ArrowRight: [1, 0],
}

/** Reads keyboard, mouse and touch on an element. `origin` is where the own avatar is on it, in CSS pixels. */
export function readControls(
  element: HTMLElement,
  origin: () => { readonly x: number; readonly y: number },
): { wish(): Wish; stop(): void } {
  const held = new Set<string>()
  const sticks = new Map<
    number,
    { readonly isLeft: boolean; readonly x: number; readonly y: number; dx: number; dy: number }
  >()
  let pointer: { x: number; y: number } | undefined
  let isPressed = false
  const stop = new AbortController()
  const { signal } = stop
  const at = (event: PointerEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  window.addEventListener(
    'keydown',
    (event) => {
      if (!(event.code in KEYS) && event.code !== 'Space') return
      held.add(event.code)
      event.preventDefault()
    },
    { signal },
  )
  window.addEventListener('keyup', (event) => held.delete(event.code), { signal })
  // Keys that are let go in another window are never heard of.
  window.addEventListener('blur', () => held.clear(), { signal })
  element.addEventListener(
    'pointermove',
    (event) => {
      const point = at(event)
      const stick = sticks.get(event.pointerId)
      if (stick) Object.assign(stick, { dx: point.x - stick.x, dy: point.y - stick.y })
      else if (event.pointerType === 'mouse') pointer = point
    },
    { signal },
  )
  element.addEventListener(
    'pointerdown',
    (event) => {
      const point = at(event)
      if (event.pointerType === 'mouse') isPressed = true
      else sticks.set(event.pointerId, { ...point, isLeft: point.x < element.clientWidth / 2, dx: 0, dy: 0 })
      element.setPointerCapture(event.pointerId)
      event.preventDefault()
    },
    { signal },
  )
  const release = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') isPressed = false
    sticks.delete(event.pointerId)
  }
  element.addEventListener('pointerup', release, { signal })
  element.addEventListener('pointercancel', release, { signal })
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })

  return {
    stop: () => stop.abort(),
    wish() {
      const wish: Wish = { moveX: 0, moveY: 0, look: undefined, fire: held.has('Space') || isPressed }
      for (const code of held) {
        const [x = 0, y = 0] = KEYS[code] ?? []
        wish.moveX += x
        wish.moveY += y
      }
      if (pointer) {
        const from = origin()
        wish.look = { dx: pointer.x - from.x, dy: pointer.y - from.y }
      }
      for (const stick of sticks.values()) {
        const [x, y] = [stick.dx / STICK_PX, stick.dy / STICK_PX]
        const isOut = Math.hypot(x, y) > DEAD_ZONE
        if (stick.isLeft) Object.assign(wish, { moveX: x, moveY: y })
        else if (isOut) Object.assign(wish, { look: { dx: x, dy: y }, fire: true })
      }
      const length = Math.max(1, Math.hypot(wish.moveX, wish.moveY))
      wish.moveX /= length
      wish.moveY /= length
      return wish
    },
  }
}

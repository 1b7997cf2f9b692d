import { preferences } from '../preferences.ts'
import { HAS_THUMBS } from '../ui/pointer.ts'
import type { Place } from './camera.ts'

/** What the player wants now. */
export interface Wish {
  /** The stick, right and down positive, no longer than 1. */
  moveX: number
  moveY: number
  /** Where to look, relative to the avatar on the screen; undefined: as before. */
  look: { readonly dx: number; readonly dy: number } | undefined
  /** Turns from where one looks now: −1 left, 1 right. */
  turn: number
  fire: boolean
}

/** A virtual stick as it is to be drawn, CSS pixels on the element. */
export interface StickShown extends Place {
  readonly dx: number
  readonly dy: number
  readonly radius: number
  readonly isHeld: boolean
}

interface Stick {
  /** Else it aims and fires. */
  readonly moves: boolean
  readonly x: number
  readonly y: number
  dx: number
  dy: number
}

export interface Controls {
  wish(): Wish
  /** None until the screen has been touched, unless it is made for touch. */
  sticks(): StickShown[]
  stop(): void
}

const STICK_PX = 56
const DEAD_ZONE = 0.15
/** Where a stick that nobody holds waits, from the nearer corner. */
const REST_PX = { x: 84, y: 92 } as const

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

const TURNS: Readonly<Record<string, number>> = { KeyQ: -1, KeyE: 1 }

/** Reads keyboard, mouse and touch on an element. `origin` is where the own avatar is on it, in CSS pixels. */
export function readControls(element: HTMLElement, origin: () => Place): Controls {
  const stop = new AbortController()
  const keys = readKeys(stop.signal)
  const pointers = readPointers(element, stop.signal)
  const facing = readFacing()
  return {
    stop: () => stop.abort(),
    sticks: () => shownSticks(element, pointers),
    wish() {
      const wish: Wish = { moveX: 0, moveY: 0, look: undefined, turn: 0, fire: keys.has('Space') || pointers.isPressed }
      for (const code of keys) {
        const [x = 0, y = 0] = KEYS[code] ?? []
        wish.moveX += x
        wish.moveY += y
        wish.turn += TURNS[code] ?? 0
      }
      const ahead = facing(wish)
      // Whoever turns by keys has let go of the mouse, until it moves again.
      if (wish.turn !== 0) pointers.mouse = undefined
      if (pointers.mouse) {
        const from = origin()
        wish.look = { dx: pointers.mouse.x - from.x, dy: pointers.mouse.y - from.y }
      } else wish.look = ahead
      for (const stick of pointers.sticks.values()) push(wish, stick)
      const length = Math.max(1, Math.hypot(wish.moveX, wish.moveY))
      wish.moveX /= length
      wish.moveY /= length
      return wish
    },
  }
}

function push(wish: Wish, { moves, dx, dy }: Stick): void {
  const [x, y] = [dx / STICK_PX, dy / STICK_PX]
  if (Math.hypot(x, y) < DEAD_ZONE) return
  if (moves) Object.assign(wish, { moveX: x, moveY: y })
  else Object.assign(wish, { look: { dx: x, dy: y }, fire: true })
}

/**
 * Without a mouse one looks where one begins to go. Whoever fires goes on looking there, and so can step aside; and what Q and E have
 * turned stays until the way changes.
 */
function readFacing(): (wish: Readonly<Wish>) => Wish['look'] {
  let way = { dx: 0, dy: 0 }
  return ({ moveX: dx, moveY: dy, turn, fire }) => {
    const isNew = dx !== way.dx || dy !== way.dy
    way = { dx, dy }
    return isNew && (dx !== 0 || dy !== 0) && turn === 0 && !fire ? way : undefined
  }
}

/** The keys of the game that are held. */
function readKeys(signal: AbortSignal): ReadonlySet<string> {
  const held = new Set<string>()
  const isForGame = ({ code, target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
    // Buttons keep their space bar, and the browser its shortcuts.
    (code in KEYS || code in TURNS || code === 'Space') &&
    !(ctrlKey || metaKey || altKey) &&
    !(target instanceof HTMLButtonElement && code === 'Space')
  const down = (event: KeyboardEvent): void => {
    if (!isForGame(event)) return
    held.add(event.code)
    event.preventDefault()
  }
  window.addEventListener('keydown', down, { signal })
  window.addEventListener('keyup', ({ code }) => held.delete(code), { signal })
  // What is let go in another window is never heard of.
  window.addEventListener('blur', () => held.clear(), { signal })
  return held
}

interface Pointers {
  readonly sticks: ReadonlyMap<number, Stick>
  mouse: Place | undefined
  isPressed: boolean
  isTouch: boolean
}

function readPointers(element: HTMLElement, signal: AbortSignal): Pointers {
  const sticks = new Map<number, Stick>()
  const pointers: Pointers = { sticks, mouse: undefined, isPressed: false, isTouch: HAS_THUMBS }
  const at = ({ clientX, clientY }: PointerEvent): Place => {
    const box = element.getBoundingClientRect()
    return { x: clientX - box.left, y: clientY - box.top }
  }
  const move = (event: PointerEvent): void => {
    const point = at(event)
    const stick = sticks.get(event.pointerId)
    if (stick) Object.assign(stick, { dx: point.x - stick.x, dy: point.y - stick.y })
    else if (event.pointerType === 'mouse') pointers.mouse = point
  }
  const press = (event: PointerEvent): void => {
    const point = at(event)
    if (event.pointerType === 'mouse') pointers.isPressed = event.button === 0
    else {
      pointers.isTouch = true
      sticks.set(event.pointerId, { ...point, moves: point.x < element.clientWidth / 2 === isMoveLeft(), dx: 0, dy: 0 })
    }
    element.setPointerCapture(event.pointerId)
    // The keyboard belongs to the game again, not to a button that was pressed before.
    if (document.activeElement instanceof HTMLButtonElement) document.activeElement.blur()
    event.preventDefault()
  }
  const release = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') pointers.isPressed = false
    sticks.delete(event.pointerId)
  }
  const letGo = (): void => {
    pointers.isPressed = false
    sticks.clear()
  }
  element.addEventListener('pointermove', move, { signal })
  element.addEventListener('pointerdown', press, { signal })
  element.addEventListener('pointerup', release, { signal })
  element.addEventListener('pointercancel', release, { signal })
  window.addEventListener('blur', letGo, { signal })
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  return pointers
}

/** Which thumb moves is the player's to choose (settings); the other one aims. */
function isMoveLeft(): boolean {
  return preferences.get('aimSide') === 'right'
}

/** Both sticks: where a thumb holds them, or faintly where they wait. */
function shownSticks(element: HTMLElement, { sticks, isTouch }: Pointers): StickShown[] {
  if (!isTouch) return []
  return [true, false].map((moves) => {
    const held = [...sticks.values()].find((stick) => stick.moves === moves)
    if (!held) {
      const x = moves === isMoveLeft() ? REST_PX.x : element.clientWidth - REST_PX.x
      return { x, y: element.clientHeight - REST_PX.y, dx: 0, dy: 0, radius: STICK_PX, isHeld: false }
    }
    const reach = Math.max(1, Math.hypot(held.dx, held.dy) / STICK_PX)
    const { x, y } = held
    return { x, y, dx: held.dx / reach, dy: held.dy / reach, radius: STICK_PX, isHeld: true }
  })
}

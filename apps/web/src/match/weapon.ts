import { FIRE } from '@meydan/games/arena'

/** Which weapon the trigger fires, and when it has loaded again. */
export class WeaponChoice {
  /** A value of FIRE, for the input. */
  chosen: number = FIRE.bolt
  /** `performance.now()` of the last own shot that was seen, and how long the loading after it takes. */
  firedAtMs = Number.NEGATIVE_INFINITY
  reloadMs = 0

  choose(fire: number): void {
    this.chosen = fire
  }

  swap(): void {
    this.chosen = this.chosen === FIRE.bolt ? FIRE.scatter : FIRE.bolt
  }

  fired(nowMs: number, reloadMs: number): void {
    this.firedAtMs = nowMs
    this.reloadMs = reloadMs
  }

  /** How much of the loading is done, 0 to 1. */
  loaded(nowMs: number): number {
    return this.reloadMs === 0 ? 1 : Math.min(1, (nowMs - this.firedAtMs) / this.reloadMs)
  }
}

const KEYS: Readonly<Record<string, (choice: WeaponChoice) => void>> = {
  Digit1: (choice) => choice.choose(FIRE.bolt),
  Digit2: (choice) => choice.choose(FIRE.scatter),
  KeyF: (choice) => choice.swap(),
}

/** A wheel turned once tells of it many times; this long it counts as once. */
const WHEEL_MS = 150

/** Lets keys (1, 2, F) and the wheel over the element choose, until `signal`. */
export function readWeaponKeys(element: HTMLElement, choice: WeaponChoice, signal: AbortSignal): void {
  const press = ({ code, repeat, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
    if (!repeat && !ctrlKey && !metaKey && !altKey) KEYS[code]?.(choice)
  }
  let turnedMs = Number.NEGATIVE_INFINITY
  const turn = ({ timeStamp }: WheelEvent): void => {
    if (timeStamp - turnedMs > WHEEL_MS) choice.swap()
    turnedMs = timeStamp
  }
  window.addEventListener('keydown', press, { signal })
  element.addEventListener('wheel', turn, { signal, passive: true })
}

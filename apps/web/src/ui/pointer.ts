/** Whether this device is made for fingers rather than for a mouse. */
export const HAS_THUMBS = window.matchMedia('(pointer: coarse)').matches

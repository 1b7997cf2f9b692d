/** How somebody likes the page and the game. */
export const settings = {
  title: 'Settings',
  page: 'The page',
  game: 'The game',
  kept: 'This browser remembers it; the language goes with your account, too.',
  motion: 'Less motion',
  motionHint: 'No shaking and no moving pictures. Otherwise it is as your device asks.',
  sound: 'Sound',
  soundHint: 'Also to be turned off during a match.',
  aim: 'Thumb that aims and fires',
  aimRight: 'Right',
  aimLeft: 'Left',
} as const

import { preferences } from './preferences.ts'

/** Tells `style.css` what was chosen on the page; without the attributes the device decides. */
function show(): void {
  const { dataset } = document.documentElement
  const theme = preferences.get('theme')
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
  if (preferences.get('motion') === 'less') dataset.motion = 'less'
  else delete dataset.motion
}

show()
preferences.onChange(show)

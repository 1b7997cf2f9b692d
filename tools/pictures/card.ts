/** A drawing that stands on a card of its own, so that it is readable on any page, light or dark. */
export interface Card {
  readonly width: number
  readonly height: number
  /** Read to whoever cannot see it. */
  readonly title: string
  readonly font: string
  readonly style: string
  /** Besides `style`, on dark pages. */
  readonly dark: string
  readonly body: readonly string[]
}

const LIGHT_CARD = '.card{fill:#fff;stroke:#d1d9e0}.t{fill:#1f2328}'
const DARK_CARD = '.card{fill:#151b23;stroke:#3d444d}.t{fill:#f0f6fc}'

export function page({ width, height, title, font, style, dark, body }: Card): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${font}">
<title>${escaped(title)}</title>
<style>${LIGHT_CARD}${style}@media (prefers-color-scheme:dark){${DARK_CARD}${dark}}</style>
<rect class="card" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="6"/>
${body.join('\n')}
</svg>
`
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

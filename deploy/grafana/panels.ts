/** Grafana's dashboard JSON, as much of it as is needed: graphs in two columns. */

/** One line, or one line for each set of labels that the query gives. */
export interface Line {
  readonly query: string
  /** What the line is called; `{{label}}` stands for a label's value. */
  readonly name: string
}

export interface Panel {
  readonly title: string
  /** One of Grafana's units: `s`, `short`, `reqps`, `percentunit`, `bytes`, `Bps`. */
  readonly unit: 's' | 'short' | 'reqps' | 'ops' | 'percentunit' | 'bytes' | 'Bps'
  readonly lines: readonly Line[]
}

export interface Dashboard {
  /** File name and address. */
  readonly uid: string
  readonly title: string
  /** What can be chosen at the top; `$name` in queries. */
  readonly choices: readonly Choice[]
  readonly panels: readonly Panel[]
}

export interface Choice {
  readonly name: string
  /** The label values of a metric, of which the part that `part` captures can be chosen. */
  readonly values: { readonly metric: string; readonly label: string; readonly part: string }
}

const COLUMNS = 2
const WIDTH = 24 / COLUMNS
const HEIGHT = 8
const SOURCE = { type: 'prometheus', uid: 'prometheus' }

/** The dashboard as Grafana reads it from a file. */
export function grafanaJson({ uid, title, choices, panels }: Dashboard): object {
  return {
    uid: `meydan-${uid}`,
    title: `Meydan: ${title}`,
    tags: ['meydan'],
    schemaVersion: 39,
    refresh: '15s',
    time: { from: 'now-1h', to: 'now' },
    links: [{ type: 'dashboards', tags: ['meydan'], title: 'Meydan', asDropdown: false, keepTime: true }],
    templating: { list: choices.map(variable) },
    panels: panels.map(graph),
  }
}

function graph({ title, unit, lines }: Panel, index: number): object {
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    datasource: SOURCE,
    gridPos: { x: (index % COLUMNS) * WIDTH, y: Math.floor(index / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: lines.map(({ query, name }, line) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + line),
      datasource: SOURCE,
      expr: query,
      legendFormat: name,
    })),
  }
}

function variable({ name, values: { metric, label, part } }: Choice): object {
  const query = `label_values(${metric}, ${label})`
  return {
    name,
    type: 'query',
    datasource: SOURCE,
    definition: query,
    query: { query, refId: 'variable' },
    regex: `/${part}/`,
    refresh: 2,
    sort: 1,
    includeAll: true,
    allValue: '.*',
    multi: false,
    current: { text: 'All', value: '$__all' },
  }
}

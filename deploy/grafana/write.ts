import { writeFile } from 'node:fs/promises'
import { dashboards } from './dashboards.ts'
import { grafanaJson } from './panels.ts'

/** Writes dashboards/*.json from dashboards.ts: node deploy/grafana/write.ts */
for (const dashboard of dashboards) {
  const path = new URL(`dashboards/${dashboard.uid}.json`, import.meta.url)
  await writeFile(path, `${JSON.stringify(grafanaJson(dashboard), null, 2)}\n`)
}

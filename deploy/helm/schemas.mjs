// Writes the JSON schemas that kubeconform checks manifests against, one file a kind: of Kubernetes from its own OpenAPI document, of
// custom resources from their definitions. Strict: a field that the API does not know is a mistake. Plain JavaScript without dependencies.
//
//   node schemas.mjs FOLDER swagger.json [custom-resource-definition.json …]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PREFIX = '#/definitions/'
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity'

const [folder, swaggerPath, ...definitionPaths] = process.argv.slice(2)
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** A part of a schema, made strict. Quantities may be numbers in YAML, and ports names: OpenAPI 2 can say neither. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict)
  if (schema === null || typeof schema !== 'object') return schema
  const either = schema.format === 'int-or-string' || schema['x-kubernetes-int-or-string'] === true
  if (either) return { type: ['integer', 'string'] }
  const made = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]))
  const closed =
    made.properties && made.additionalProperties === undefined && !made['x-kubernetes-preserve-unknown-fields']
  return closed ? { ...made, additionalProperties: false } : made
}

function* references(schema) {
  if (schema === null || typeof schema !== 'object') return
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref' && typeof value === 'string') yield value.slice(PREFIX.length)
    else yield* references(value)
  }
}

/** The named definition and all that it refers to. */
function reachable(definitions, name) {
  const found = new Map()
  const waiting = [name]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    found.set(next, definitions[next])
    waiting.push(...references(definitions[next]))
  }
  return Object.fromEntries(found)
}

/** As kubeconform names it: `deployment-apps-v1.json`, `service-v1.json`. */
function fileOf({ group, version, kind }) {
  const parts = [kind, group.split('.')[0], version].filter((part) => part !== '')
  return join(folder, `${parts.join('-').toLowerCase()}.json`)
}

function writeKubernetes(path) {
  const definitions = Object.fromEntries(
    Object.entries(readJson(path).definitions).map(([name, schema]) => [name, strict(schema)]),
  )
  definitions[QUANTITY] = { type: ['string', 'number'] }
  for (const [name, schema] of Object.entries(definitions)) {
    const kinds = schema['x-kubernetes-group-version-kind'] ?? []
    // A definition of many kinds is an answer of the API (Status, DeleteOptions), not something one writes.
    if (kinds.length !== 1) continue
    writeFileSync(fileOf(kinds[0]), JSON.stringify({ $ref: PREFIX + name, definitions: reachable(definitions, name) }))
  }
}

function writeCustom(path) {
  const { group, names, versions } = readJson(path).spec
  for (const { name: version, schema } of versions) {
    const made = strict(schema.openAPIV3Schema)
    made.properties.metadata = { type: 'object' }
    writeFileSync(fileOf({ group, version, kind: names.kind }), JSON.stringify(made))
  }
}

mkdirSync(folder, { recursive: true })
writeKubernetes(swaggerPath)
definitionPaths.forEach(writeCustom)

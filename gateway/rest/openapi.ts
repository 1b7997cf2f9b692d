import type { Contract, Procedure } from '@meydan/contracts/core'
import { z } from 'zod'

type Json = Record<string, unknown>

/** What is asked of a path: its parameters, from `/v1/players/:playerId`. */
export function pathParameters(http: string): string[] {
  return [...http.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => name)
}

/** OpenAPI 3.1 for every procedure that has an HTTP route, from the contracts alone. */
export function openApi(contracts: readonly Contract[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const contract of contracts) {
    for (const [name, procedure] of Object.entries(contract.procedures)) {
      if (procedure.http === undefined) continue
      const [method = '', path = ''] = procedure.http.split(' ')
      const template = path.replaceAll(/:([A-Za-z]+)/g, '{$1}')
      paths[template] = { ...paths[template], [method.toLowerCase()]: operation(contract, name, procedure, method) }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Meydan',
      version,
      description:
        'Every call of the platform. Answers come as JSON, or as MessagePack with `Accept: application/msgpack`.',
    },
    tags: contracts.map(({ name }) => ({ name })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Error: ERROR_SCHEMA },
    },
  }
}

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        details: { type: 'object' },
        traceId: { type: 'string' },
      },
    },
  },
}

function operation(contract: Contract, name: string, procedure: Procedure, method: string): Json {
  const input = schemaOf(procedure.input, 'input')
  const inPath = pathParameters(procedure.http ?? '')
  const properties = isRecord(input.properties) ? input.properties : {}
  const rest = Object.keys(properties).filter((field) => !inPath.includes(field))
  const required = new Set(Array.isArray(input.required) ? input.required : [])
  const inQuery = method === 'GET' || method === 'DELETE'
  const parameters = [
    ...inPath.map((field) => ({
      name: field,
      in: 'path',
      required: true,
      schema: properties[field] ?? { type: 'string' },
    })),
    ...(inQuery ? rest : []).map((field) => ({
      name: field,
      in: 'query',
      required: required.has(field),
      schema: properties[field],
    })),
  ]
  const hasBody = !inQuery && (rest.length > 0 || !isRecord(input.properties))
  return {
    operationId: `${contract.name}.${name}`,
    tags: [contract.name],
    summary: procedure.summary,
    parameters,
    ...(procedure.auth !== 'public' && { security: [{ token: [] }] }),
    ...(hasBody && {
      requestBody: { required: true, content: { 'application/json': { schema: without(input, inPath) } } },
    }),
    responses: responses(contract, procedure),
  }
}

function responses(contract: Contract, procedure: Procedure): Json {
  const content = { 'application/json': { schema: schemaOf(procedure.output, 'output') } }
  const byStatus: Record<string, Json> = { 200: { description: 'The answer', content } }
  for (const code of procedure.errors) {
    const fault = contract.errors[code]?.()
    if (!fault) continue
    const known = byStatus[fault.status]?.description
    byStatus[fault.status] = errorResponse(`${known === undefined ? '' : `${known}; `}${code}: ${fault.message}`)
  }
  byStatus.default = errorResponse('Any other fault, by its code')
  return byStatus
}

function errorResponse(description: string): Json {
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' })
  return json
}

/** The input's schema without the fields that stand in the path. */
function without(schema: Json, fields: readonly string[]): Json {
  if (!isRecord(schema.properties) || fields.length === 0) return schema
  const properties = Object.fromEntries(Object.entries(schema.properties).filter(([name]) => !fields.includes(name)))
  const required = (Array.isArray(schema.required) ? schema.required : []).filter((name) => !fields.includes(name))
  return { ...schema, properties, required }
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

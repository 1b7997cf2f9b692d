import { z } from 'zod'
import { inRepo, run } from './tools.ts'

const Service = z.object({
  image: z.string(),
  build: z.object({ dockerfile: z.string() }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.object({ host_ip: z.string().optional(), target: z.number() })).default([]),
  volumes: z.array(z.object({ type: z.string(), source: z.string() })).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  restart: z.string().optional(),
  logging: z.object({ options: z.record(z.string(), z.string()) }).optional(),
})
const Project = z.object({ services: z.record(z.string(), Service) })
export type Project = z.infer<typeof Project>

/** The compose file as the reference implementation of its specification reads it, with these options. Throws what that complains of. */
export function composeProject(options: readonly string[] = []): Project {
  return Project.parse(JSON.parse(run('compose-spec', [...options, '-format', 'json', inRepo('compose.yaml')])))
}

/** The processes of Meydan in it, each with its settings. */
export function processesOf({ services }: Project): Record<string, Record<string, string>> {
  const processes = Object.entries(services).filter(([, { environment }]) => 'MEYDAN_ROLES' in environment)
  return Object.fromEntries(processes.map(([name, { environment }]) => [name, environment]))
}

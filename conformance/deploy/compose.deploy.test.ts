import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callsOf, unansweredBy } from './calls.ts'
import { composeProject, type Project, processesOf } from './compose.ts'
import { type Deployment, startDeployment } from './deployment.ts'
import { playMatch } from './play.ts'
import { knownSettings } from './settings.ts'
import { describeWith } from './tools.ts'

/** Of a process that learns within a second who else is there. */
const WAIT = { timeout: 20_000, interval: 50 }

describeWith(['compose-spec'], 'compose.yaml', () => {
  let project: Project
  beforeAll(() => {
    project = composeProject()
  })

  test('D4 everything is in it, each image at a version', () => {
    const names = Object.keys(project.services)
    expect(names).toEqual(
      expect.arrayContaining(['gateway', 'services', 'jobs', 'nginx', 'postgres', 'redis', 'kafka']),
    )
    expect(names).toEqual(expect.arrayContaining(['prometheus', 'grafana']))
    for (const { image, build } of Object.values(project.services)) {
      if (build === undefined) expect(image).toMatch(/:v?\d+\.?[\d.]*(-alpine)?$/)
    }
  })

  test('D4 what it mounts from the repository is there', () => {
    const mounted = Object.values(project.services).flatMap(({ volumes }) => volumes)
    const missing = mounted.filter(({ type, source }) => type === 'bind' && !existsSync(source))
    expect(missing).toEqual([])
  })

  test('DESIGN §2 each setting is one that the platform knows', () => {
    const known = knownSettings()
    const names = Object.values(processesOf(project)).flatMap((settings) => Object.keys(settings))
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !known.has(name))).toEqual([])
  })

  test('D4 what lasts starts again by itself, and what it prints is bounded', () => {
    const lasting = Object.entries(project.services).filter(([name]) => name !== 'secrets')
    for (const [name, { restart, logging }] of lasting) {
      expect([name, restart, logging?.options['max-size']]).toEqual([name, 'unless-stopped', '10m'])
    }
  })

  test('DESIGN §7 stores of others, and passwords, come from the environment', () => {
    const written = composeProject(['-no-interpolation'])
    const kafka = ['BROKERS', 'TLS', 'SASL', 'USER', 'PASSWORD'].map((name) => `MEYDAN_KAFKA_${name}`)
    for (const process of Object.values(processesOf(written))) {
      const fixed = ['MEYDAN_POSTGRES_URL', 'MEYDAN_REDIS_URL', ...kafka].filter(
        (name) => !process[name]?.startsWith(`\${${name}:-`),
      )
      expect(fixed).toEqual([])
      expect(process.MEYDAN_POSTGRES_URL).toContain(written.services.postgres?.environment.POSTGRES_PASSWORD)
    }
    expect(written.services.postgres?.environment.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:-\w+\}$/)
  })

  test('B1 players reach nginx and nothing else; who watches does so from the machine itself', () => {
    const published = Object.entries(project.services).flatMap(([name, { ports }]) =>
      ports.map(({ host_ip }) => [name, host_ip ?? 'all']),
    )
    expect(published.sort()).toEqual([
      ['grafana', '127.0.0.1'],
      ['nginx', 'all'],
      ['prometheus', '127.0.0.1'],
    ])
  })

  test('C11 a process of the platform writes nothing but its data, and has no rights of root', () => {
    for (const name of Object.keys(processesOf(project))) {
      expect(project.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
    }
  })
})

describeWith(['compose-spec', 'redis-server', 'kafka'], 'the processes of compose.yaml', () => {
  let deployment: Deployment
  beforeAll(async () => {
    deployment = await startDeployment(processesOf(composeProject()))
  })
  afterAll(() => deployment?.stop())

  test('D4 with these settings an account is made, a match is played, and its result is told and kept', async () => {
    await expect.poll(() => unansweredBy(deployment.of('gateway').url), WAIT).toEqual([])
    // It is another process than the one that holds the socket which tells the result.
    expect(await playMatch(deployment.of('gateway').url)).toMatch(/^\d+$/)
  })

  test('DESIGN §3 in three processes there is every call that there is in one, and each is answered', async () => {
    const whole = await startDeployment({ all: { MEYDAN_ROLES: 'all' } })
    try {
      expect(await callsOf(deployment.of('gateway').url)).toEqual(await callsOf(whole.of('all').url))
      await expect.poll(() => unansweredBy(deployment.of('gateway').url), WAIT).toEqual([])
    } finally {
      await whole.stop()
    }
  })
})

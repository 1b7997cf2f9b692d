import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callsOf, unansweredBy } from './calls.ts'
import { composeProject, type Project, processesOf } from './compose.ts'
import { type Deployment, startDeployment } from './deployment.ts'
import { playMatch } from './play.ts'
import { knownSettings } from './settings.ts'
import { describeWith } from './tools.ts'

describeWith(['compose-spec', 'redis-server', 'kafka'], 'compose.yaml', () => {
  let project: Project
  let deployment: Deployment
  beforeAll(async () => {
    project = composeProject()
    deployment = await startDeployment(processesOf(project))
  })
  afterAll(() => deployment?.stop())

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

  test('DESIGN §2 each setting is one that the platform knows, and no two processes share a number in ids', () => {
    const known = knownSettings()
    const processes = Object.values(processesOf(project))
    const names = processes.flatMap((settings) => Object.keys(settings))
    expect(names.filter((name) => !known.has(name))).toEqual([])
    expect(new Set(processes.map(({ MEYDAN_NODE }) => MEYDAN_NODE)).size).toBe(processes.length)
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

  test('D4 with these settings an account is made, a match is played, and its result is told and kept', async () => {
    // It is another process than the one that holds the socket which tells the result.
    expect(await playMatch(deployment.of('gateway').url)).toMatch(/^\d+$/)
  })

  test('DESIGN §3 in three processes there is every call that there is in one, and each is answered', async () => {
    const whole = await startDeployment({ all: { MEYDAN_ROLES: 'all' } })
    try {
      expect(await callsOf(deployment.of('gateway').url)).toEqual(await callsOf(whole.of('all').url))
      expect(await unansweredBy(deployment.of('gateway').url)).toEqual([])
    } finally {
      await whole.stop()
    }
  })
})

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '@meydan/conformance/platform'

/** A Kafka of the test's own: one KRaft node on loopback, its data in a folder that goes with it. */
export interface KafkaBroker {
  /** `host:port`, the same over every start. */
  readonly address: string
  /** Resolves when it answers. */
  start(): Promise<void>
  /** As a crash does: at once. What it has acknowledged is there after the next start. */
  kill(): Promise<void>
  close(): Promise<void>
}

const START_MS_MAX = 60_000
const LOOK_EVERY_MS = 50
const JAVA_OPTIONS = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
/** Java outlives whoever started it; the shell between them sees its own input end with the test's process. */
const LEASHED = '"$@" & child=$!; read -r _; kill -KILL $child; wait $child'

const POM = new URL('../../.ci/engines/kafka/pom.xml', import.meta.url)

/** Where `.ci/engines/install` puts the broker. */
function folderOfJars(): string {
  const version = /kafka_2\.13<\/artifactId>\s*<version>([^<]+)</.exec(readFileSync(POM, 'utf8'))?.[1]
  if (version === undefined) throw new Error(`${POM.pathname} names no version of Kafka`)
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'meydan-engines', `kafka-${version}`)
}

/**
 * Whether tests of Kafka must be left out because it is not installed. Says so; where all engines are required it throws instead.
 */
export function kafkaIsMissing(): boolean {
  if (existsSync(folderOfJars())) return false
  const sentence = 'Kafka is not installed: run .ci/engines/install'
  if (process.env.REQUIRE_ENGINES === '1') throw new Error(sentence)
  process.stderr.write(`${sentence}; its tests are skipped\n`)
  return true
}

/** A broker as managed ones are: over TLS, and for who has a password. */
export interface BrokerGuard {
  /** File of key and certificate (PEM), for `localhost`. */
  readonly keystore: string
  readonly user: string
  readonly password: string
}

/** A started broker. With a guard it takes no connection but over TLS, from that user by any of PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
export async function kafkaBroker(guard?: BrokerGuard): Promise<KafkaBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-kafka-'))
  const port = await freePort()
  const [controllerPort, innerPort] = await Promise.all([freePort(), freePort()])
  const address = `${guard ? 'localhost' : '127.0.0.1'}:${port}`
  const settings = join(folder, 'server.properties')
  const listening = guard ? guarded(port, innerPort, guard) : `listeners=PLAINTEXT://${address}`
  await writeFile(settings, settingsOf(listening, controllerPort, join(folder, 'data')))
  await writeFile(join(folder, 'log4j2.properties'), logSettings(join(folder, 'log')))
  const java = ['-cp', join(folderOfJars(), '*'), `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`]
  // 16 bytes in base64url, of which the first letter is given: an id that began with a dash would be taken for an option.
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`
  const format = [
    'kafka.tools.StorageTool',
    'format',
    '-t',
    clusterId,
    '-c',
    settings,
    ...(guard ? knowing(guard) : []),
  ]
  await promisify(execFile)('java', [...java, ...format])

  let running: ChildProcess | undefined
  const kill = async () => {
    if (!running) return
    const exited = once(running, 'exit')
    running.stdin?.end()
    await exited
    running = undefined
  }
  const broker: KafkaBroker = {
    address,
    async start() {
      const command = ['java', ...JAVA_OPTIONS, ...java, 'kafka.Kafka', settings]
      running = spawn('sh', ['-c', LEASHED, 'sh', ...command], { stdio: ['pipe', 'ignore', 'ignore'] })
      if (await answers(port)) return
      await kill()
      throw new Error(`Kafka did not start: ${await readFile(join(folder, 'log'), 'utf8')}`)
    },
    kill,
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await broker.start()
  return broker
}

async function answers(port: number): Promise<boolean> {
  const untilMs = performance.now() + START_MS_MAX
  while (performance.now() < untilMs) {
    const socket = connect(port, '127.0.0.1')
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (open) return true
    await delay(LOOK_EVERY_MS)
  }
  return false
}

const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512']

/** Passwords of SCRAM are in the cluster's own records, from its first on. */
const knowing = ({ user, password }: BrokerGuard): string[] =>
  SCRAM.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${user},password=${password}]`])

/** Brokers speak to each other over a listener of their own, that none of us is told of. */
function guarded(port: number, innerPort: number, { keystore, user, password }: BrokerGuard): string {
  const module = (mechanism: string, options: string): string =>
    `listener.name.sasl_ssl.${mechanism.toLowerCase()}.sasl.jaas.config=org.apache.kafka.common.security.${options};`
  return `listeners=SASL_SSL://127.0.0.1:${port},INNER://127.0.0.1:${innerPort}
advertised.listeners=SASL_SSL://localhost:${port},INNER://127.0.0.1:${innerPort}
listener.security.protocol.map=SASL_SSL:SASL_SSL,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INNER
sasl.enabled.mechanisms=PLAIN,${SCRAM.join(',')}
${module('PLAIN', `plain.PlainLoginModule required user_${user}="${password}"`)}
${SCRAM.map((mechanism) => module(mechanism, 'scram.ScramLoginModule required')).join('\n')}
ssl.keystore.type=PEM
ssl.keystore.location=${keystore}`
}

/** `listening` is where it takes connections of clients. */
function settingsOf(listening: string, controllerPort: number, dataDir: string): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
controller.listener.names=CONTROLLER
${listening.replace(/^listeners=.*/, `$&,CONTROLLER://127.0.0.1:${controllerPort}`)}
log.dirs=${dataDir}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
`
}

function logSettings(file: string): string {
  return `rootLogger.level=warn
rootLogger.appenderRef.file.ref=file
appender.file.type=File
appender.file.name=file
appender.file.fileName=${file}
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=%d %p %c: %m%n
`
}

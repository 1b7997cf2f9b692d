import { traffic } from '../arena/line.ts'
import { TICK_MS } from '../arena/scene.ts'
import { serveParent } from '../measure/child.ts'
import { tokenOf } from '../sockets/tokens.ts'
import { PeopleAsked, type PeopleCounted } from './messages.ts'
import { eventsReach, met, Person } from './person.ts'

/** All players, in one process. */

const SEATS = 5
/** As many at a time, so that connecting does not look like an attack on the server's queue of connections. */
const AT_ONCE = 20

const people: Person[] = []
let turns: NodeJS.Timeout | undefined

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** Person `index` is player `tokens[index]`, at the ports in turn. */
async function connectAll(ports: readonly number[], tokens: readonly string[]): Promise<void> {
  const from = people.length
  await eachOf([...tokens.entries()], async ([index, token]) => {
    people[from + index] = await Person.connect(ports[index % ports.length] ?? 0, token)
  })
}

/** One player after the other, so that in `everyMs` each has sent one input and the server never gets them in a burst. */
function keepPlaying(everyMs: number): void {
  clearTimeout(turns)
  const beganMs = performance.now()
  let sent = 0
  const turn = (): void => {
    const nowMs = performance.now() - beganMs
    const due = Math.floor((nowMs / everyMs) * people.length)
    // Who stood still does not send what was missed meanwhile.
    sent = Math.max(sent, due - people.length)
    for (; sent < due; sent++) people[sent % people.length]?.input(Math.floor(nowMs / TICK_MS), sent % people.length)
    turns = setTimeout(turn, 1)
  }
  turn()
}

function counted(): PeopleCounted {
  const { user, system } = process.cpuUsage()
  return { ...met, bytesReceived: traffic.received, bytesSent: traffic.sent, cpuUs: user + system }
}

async function obey(asked: PeopleAsked): Promise<void> {
  switch (asked.ask) {
    case 'connect': {
      const { keys, first, count, ports } = asked
      return connectAll(
        ports,
        await Promise.all(Array.from({ length: count }, (_, index) => tokenOf(keys, first + index))),
      )
    }
    case 'crowd':
      return connectAll(asked.ports, Array(asked.count).fill(await tokenOf(asked.keys, asked.player)))
    case 'inputs':
      return keepPlaying(asked.everyMs)
    case 'join': {
      const seated = people.slice(asked.first, asked.first + asked.roomIds.length * SEATS)
      return eachOf([...seated.entries()], ([index, person]) =>
        person.join(asked.roomIds[Math.floor(index / SEATS)] ?? ''),
      )
    }
    case 'queue':
      return eachOf(people.slice(asked.first, asked.first + asked.count), (person) =>
        person.queue(asked.game, asked.again),
      )
    case 'rest':
      return eachOf(people, (person) => person.rest())
    case 'expect':
      return eventsReach(asked.events)
    case 'count':
      return
  }
}

serveParent(
  async (message) => {
    await obey(PeopleAsked.parse(message))
    return counted()
  },
  async () => {
    clearTimeout(turns)
    for (const person of people) person.close()
  },
)

import { type GameEvent, type Outcome, seededRandom } from '@meydan/contracts/core'
import { SCORE_PER_KILL, SEATS_MAX, SHOT_SLOTS_PER_SEAT } from './balance.ts'
import { arena } from './game.ts'
import { distanceSquared } from './geometry.ts'
import { type Point, SPAWNS } from './map.ts'
import { type Match, openMatch } from './match.ts'
import { type ArenaState, type Avatar, isUp, PHASE } from './state.ts'
import { BOLT, SCATTER, shotWeapon, type Weapon } from './weapons.ts'

const NOTHING: readonly GameEvent[] = []

/** How often bots are asked here, 120 ms: all in one tick, because who decides after the others knows more than they did. */
const BOT_EVERY_TICKS = 8

/** What one weapon did in a match. */
export interface WeaponUse {
  fired: number
  kills: number
  /** Health taken. */
  damage: number
}

/** What became of those who came onto the field at one spawn point. */
export interface SpawnUse {
  lives: number
  /** Points made in those lives. */
  score: number
}

export interface BotMatchReport {
  readonly outcome: Outcome
  /** By seat. */
  readonly kills: readonly number[]
  /** How often somebody else took the sole lead. */
  readonly leadChanges: number
  /** The rank of the winner when half of the match was over; 1 when the lead was held, or shared, then. */
  readonly winnersRankAtHalf: number
  readonly bolt: Readonly<WeaponUse>
  readonly scatter: Readonly<WeaponUse>
  /** By spawn point. */
  readonly spawns: readonly Readonly<SpawnUse>[]
}

/** Plays a whole match of bots, one per skill, and says how it went. `options` as for the game. */
export function playBots(
  seed: number,
  skills: readonly number[],
  options: Record<string, number> = {},
): BotMatchReport {
  const match = openMatch(seed, skills.length, options)
  const random = seededRandom(seed ^ 0x5eed)
  const lead = new Lead()
  const weapons = new WeaponWatch()
  const spawns = new SpawnWatch(match.state)
  let ranksAtHalf: readonly number[] = []
  let outcome = match.outcome()
  while (!outcome) {
    const heard = match.events.length
    match.run(1, () => askBots(match, skills, random))
    weapons.after(match.state, match.events.length > heard ? match.events.slice(heard) : NOTHING)
    spawns.after(match.state)
    lead.after(match.state)
    if (isHalfOver(match.state)) ranksAtHalf = ranksOf(match.state)
    outcome = match.outcome()
  }
  const winner = outcome.standings[0]?.seat ?? 0
  return {
    outcome,
    kills: match.state.avatars.slice(0, skills.length).map((avatar) => avatar.kills),
    leadChanges: lead.changes,
    winnersRankAtHalf: ranksAtHalf[winner] ?? 1,
    bolt: weapons.bolt,
    scatter: weapons.scatter,
    spawns: spawns.uses,
  }
}

function askBots(match: Match, skills: readonly number[], random: ReturnType<typeof seededRandom>): void {
  if (match.turn.tick % BOT_EVERY_TICKS !== 0) return
  for (const [seat, skill] of skills.entries()) {
    const decision = arena.bot(match.state, seat, skill, random)
    if (decision) match.input(seat, decision)
  }
}

function isHalfOver({ phase, tick, phaseEndsTick, matchTicks }: ArenaState): boolean {
  return phase === PHASE.playing && tick === phaseEndsTick - Math.floor(matchTicks / 2)
}

/** By seat: one more than how many have a higher score. */
function ranksOf({ avatars }: ArenaState): number[] {
  return avatars.map(({ score }) => 1 + avatars.filter((other) => other.score > score).length)
}

class Lead {
  changes = 0
  #leader = -1

  after({ avatars }: ArenaState): void {
    let leader = -1
    let best = 0
    for (let seat = 0; seat < avatars.length; seat++) {
      const score = avatars[seat]?.score ?? 0
      if (score > best) leader = seat
      else if (score === best) leader = -1
      best = Math.max(best, score)
    }
    if (leader < 0 || leader === this.#leader) return
    if (this.#leader >= 0) this.changes++
    this.#leader = leader
  }
}

/** Tells from what changed in a tick which weapon fired, hit and killed. */
class WeaponWatch {
  readonly bolt: WeaponUse = { fired: 0, kills: 0, damage: 0 }
  readonly scatter: WeaponUse = { fired: 0, kills: 0, damage: 0 }
  readonly #flew: boolean[] = Array(SEATS_MAX * SHOT_SLOTS_PER_SEAT).fill(false)
  readonly #harm: number[] = Array(SEATS_MAX).fill(0)

  after(state: ArenaState, heard: readonly GameEvent[]): void {
    for (let seat = 0; seat < SEATS_MAX; seat++) this.#afterSeat(state, seat)
    for (const { type, weapon } of heard)
      if (type === 'KILL') this.#use(weapon === SCATTER.fire ? SCATTER : BOLT).kills++
  }

  #afterSeat({ avatars, shots, tick }: ArenaState, seat: number): void {
    let boltsEnded = 0
    let pelletsEnded = 0
    for (let slot = seat * SHOT_SLOTS_PER_SEAT; slot < (seat + 1) * SHOT_SLOTS_PER_SEAT; slot++) {
      const shot = shots[slot]
      if (!shot) continue
      const weapon = shotWeapon(slot)
      if (shot.live && shot.bornTick === tick) this.#use(weapon).fired += 1 / weapon.pellets
      else if (this.#flew[slot] && !shot.live) weapon === BOLT ? boltsEnded++ : pelletsEnded++
      this.#flew[slot] = shot.live
    }
    const harm = harmBy(avatars[seat]) - (this.#harm[seat] ?? 0)
    this.#harm[seat] = harmBy(avatars[seat])
    // When shots of both weapons ended in one tick, the pellets get what they could have taken.
    const byScatter = boltsEnded === 0 ? harm : Math.min(harm, pelletsEnded * SCATTER.damage)
    this.scatter.damage += byScatter
    this.bolt.damage += harm - byScatter
  }

  #use(weapon: Weapon): WeaponUse {
    return weapon === SCATTER ? this.scatter : this.bolt
  }
}

/** The health a seat has taken from others. */
function harmBy(avatar: Avatar | undefined): number {
  return avatar ? avatar.score - avatar.kills * SCORE_PER_KILL : 0
}

/** Tells where lives began and what they earned; what a fallen one's last shots earn still belongs to that life. */
class SpawnWatch {
  readonly uses: SpawnUse[] = SPAWNS.map(() => ({ lives: 0, score: 0 }))
  readonly #lives: { isUp: boolean; score: number; use: SpawnUse | undefined }[]

  constructor({ avatars }: ArenaState) {
    this.#lives = avatars.map(({ score }) => ({ isUp: false, score, use: undefined }))
  }

  after({ avatars }: ArenaState): void {
    for (let seat = 0; seat < avatars.length; seat++) {
      const avatar = avatars[seat]
      const life = this.#lives[seat]
      if (!avatar || !life) continue
      if (life.use) life.use.score += avatar.score - life.score
      life.score = avatar.score
      if (isUp(avatar) && !life.isUp) {
        life.use = this.uses[nearestSpawn(avatar)]
        if (life.use) life.use.lives++
      }
      life.isUp = isUp(avatar)
    }
  }
}

function nearestSpawn(place: Point): number {
  const distances = SPAWNS.map((spawn) => distanceSquared(spawn, place))
  return distances.indexOf(Math.min(...distances))
}

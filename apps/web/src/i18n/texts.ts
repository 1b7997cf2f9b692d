import { account } from './en/account.ts'
import { boards } from './en/boards.ts'
import { campaigns } from './en/campaigns.ts'
import { crash } from './en/crash.ts'
import { entry } from './en/entry.ts'
import { fairness } from './en/fairness.ts'
import { faults } from './en/faults.ts'
import { feedback } from './en/feedback.ts'
import { frame } from './en/frame.ts'
import { history } from './en/history.ts'
import { inbox } from './en/inbox.ts'
import { limits } from './en/limits.ts'
import { match } from './en/match.ts'
import { people } from './en/people.ts'
import { play } from './en/play.ts'
import { review } from './en/review.ts'
import { rewards } from './en/rewards.ts'
import { settings } from './en/settings.ts'
import { standings } from './en/standings.ts'
import { wallet } from './en/wallet.ts'

/** English is what there is to say; another language says all of it. */
export const en = {
  account,
  boards,
  campaigns,
  crash,
  entry,
  fairness,
  faults,
  feedback,
  frame,
  history,
  inbox,
  limits,
  match,
  people,
  play,
  review,
  rewards,
  settings,
  standings,
  wallet,
}
export type Namespace = keyof typeof en

/** A namespace in another language: the same keys, none more and none less. */
export type Translated<N extends Namespace> = { readonly [K in keyof (typeof en)[N]]: string }
export type Texts = { readonly [N in Namespace]: Translated<N> }

/** The keys of texts that need nothing filled in: these may be picked by data. */
export type PlainKey<N extends Namespace> = {
  [K in keyof (typeof en)[N]]: (typeof en)[N][K] extends `${string}{{${string}` ? never : K
}[keyof (typeof en)[N]]

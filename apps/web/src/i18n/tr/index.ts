import type { Texts } from '../texts.ts'
import { account } from './account.ts'
import { boards } from './boards.ts'
import { campaigns } from './campaigns.ts'
import { crash } from './crash.ts'
import { entry } from './entry.ts'
import { fairness } from './fairness.ts'
import { faults } from './faults.ts'
import { feedback } from './feedback.ts'
import { frame } from './frame.ts'
import { history } from './history.ts'
import { inbox } from './inbox.ts'
import { limits } from './limits.ts'
import { match } from './match.ts'
import { people } from './people.ts'
import { play } from './play.ts'
import { review } from './review.ts'
import { rewards } from './rewards.ts'
import { settings } from './settings.ts'
import { standings } from './standings.ts'
import { wallet } from './wallet.ts'

export const tr: Texts = {
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

import { z } from 'zod'
import { command, contract, errors, event, Id, query, Text, Timestamp } from '../core/index.ts'

export const FEEDBACK_KINDS = ['bug', 'idea', 'praise', 'other'] as const
export const FeedbackKind = z.enum(FEEDBACK_KINDS)
export type FeedbackKind = z.infer<typeof FeedbackKind>

/** `new` until an admin has opened it; `planned`, `done` and `declined` are decisions. */
export const FEEDBACK_STATES = ['new', 'read', 'planned', 'done', 'declined'] as const
export const FeedbackState = z.enum(FEEDBACK_STATES)
export type FeedbackState = z.infer<typeof FeedbackState>

/** Of what a player writes, and of what an admin answers: code points, so that an emoji or a letter of any script counts once. */
export const FEEDBACK_TEXT_MAX = 2_000
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Without spaces around it. */
const Prose = Text.trim()
  .regex(VISIBLE, 'write something')
  // No code point takes more than two units: what is longer need not be counted.
  .refine(
    (text) => text.length <= 2 * FEEDBACK_TEXT_MAX && [...text].length <= FEEDBACK_TEXT_MAX,
    `at most ${FEEDBACK_TEXT_MAX.toLocaleString('en')} characters`,
  )

const PIXELS_MAX = 32_767
const Pixels = z.number().int().min(1).max(PIXELS_MAX)

/** Where the player was, as the client says: for who reads it, never trusted. */
export const FeedbackContext = z.strictObject({
  game: Text.max(32).optional(),
  matchId: Id.optional(),
  page: Text.max(200).describe('the path of the page').optional(),
  client: Text.max(200).describe('name and version of the client').optional(),
  viewport: z.strictObject({ width: Pixels, height: Pixels }).optional(),
})
export type FeedbackContext = z.infer<typeof FeedbackContext>

const Rating = z.number().int().min(1).max(5)

/** What the player who left it sees. */
export const Feedback = z.object({
  feedbackId: Id,
  kind: FeedbackKind,
  text: z.string(),
  rating: Rating.nullable(),
  context: FeedbackContext,
  state: FeedbackState,
  answer: z.string().nullable(),
  answeredAt: Timestamp.nullable(),
  at: Timestamp,
})
export type Feedback = z.infer<typeof Feedback>

/** What an admin sees. */
export const FeedbackEntry = Feedback.extend({
  playerId: Id,
  playerName: z.string(),
  revision: z.number().int().describe('grows with each review; say which one you saw when you review'),
  reviewedBy: Id.nullable().describe('the admin who reviewed it last'),
  reviewedAt: Timestamp.nullable(),
})
export type FeedbackEntry = z.infer<typeof FeedbackEntry>

/** With REVIEWED_MEANWHILE, as `details.current`: what the other review has made of it. */
export const CurrentReview = FeedbackEntry.pick({ revision: true, state: true, answer: true })
export type CurrentReview = z.infer<typeof CurrentReview>

export const feedbackErrors = errors({
  KEY_REUSED: { status: 409, message: 'Other feedback was left with this key.' },
  UNKNOWN_FEEDBACK: { status: 404, message: 'There is no such feedback.' },
  REVIEWED_MEANWHILE: { status: 409, message: 'Somebody else reviewed it meanwhile; look again.' },
})

const limitOf = (preset: number) => z.coerce.number().int().min(1).max(50).default(preset)
const next = Id.nullable().describe('give it as `before` for the following page; null on the last one')

/** What players say about the games and the platform, and what came of it. */
export const feedback = contract(
  'feedback',
  {
    leave: command({
      summary: 'Leave feedback',
      auth: 'player',
      http: 'POST /v1/feedback',
      input: z.strictObject({
        key: z
          .string()
          .regex(/^[\w-]{8,64}$/, '8 to 64 letters, digits, _ and -')
          .describe('made up by the client for this feedback: leaving it again with the same key is leaving it once'),
        kind: FeedbackKind,
        text: Prose,
        rating: Rating.optional(),
        context: FeedbackContext.default({}),
      }),
      output: Feedback,
      errors: ['KEY_REUSED'],
      idempotent: true,
      limit: { points: 10, perS: 600, by: 'player' },
    }),
    mine: query({
      summary: "The caller's feedback and what came of it, newest first",
      auth: 'player',
      http: 'GET /v1/feedback/mine',
      input: z.strictObject({ before: Id.optional(), limit: limitOf(20) }),
      output: z.object({ feedback: z.array(Feedback), next }),
    }),
    list: query({
      summary: "Everybody's feedback, newest first",
      auth: 'admin',
      http: 'GET /v1/feedback',
      input: z.strictObject({
        state: FeedbackState.optional(),
        kind: FeedbackKind.optional(),
        playerId: Id.optional(),
        search: Text.trim().max(200).optional().describe('words, or how they begin, in any order'),
        before: Id.optional(),
        limit: limitOf(30),
      }),
      output: z.object({ feedback: z.array(FeedbackEntry), next }),
    }),
    counts: query({
      summary: 'How much feedback there is in each state',
      auth: 'admin',
      http: 'GET /v1/feedback/counts',
      output: z.object({ counts: z.record(FeedbackState, z.number().int()) }),
    }),
    review: command({
      summary: 'Set the state of feedback, and what the player is answered',
      auth: 'admin',
      http: 'PATCH /v1/feedback/:feedbackId',
      input: z.strictObject({
        feedbackId: Id,
        revision: z.number().int().min(0).max(2_147_483_647).describe('the one that was seen'),
        state: FeedbackState,
        answer: Prose.nullable().optional().describe('absent: the answer stays as it is; null: takes it back'),
      }),
      output: FeedbackEntry,
      errors: ['UNKNOWN_FEEDBACK', 'REVIEWED_MEANWHILE'],
      idempotent: true,
    }),
  },
  { errors: feedbackErrors },
)

/** Texts stay in the service: they are the player's, and go when the account does. */
export const FEEDBACK_LEFT = event('FEEDBACK_LEFT', {
  data: z.object({ feedbackId: Id, playerId: Id, kind: FeedbackKind, at: Timestamp }),
  key: (data) => data.feedbackId,
})
export const FEEDBACK_REVIEWED = event('FEEDBACK_REVIEWED', {
  data: z.object({ feedbackId: Id, playerId: Id, reviewedBy: Id, state: FeedbackState, at: Timestamp }),
  key: (data) => data.feedbackId,
})

/** Told to the player on `user:<id>` when feedback of theirs has another state or answer. */
export const FEEDBACK_UPDATED = 'FEEDBACK_UPDATED'
export const FeedbackUpdated = Feedback.pick({ feedbackId: true, state: true, answer: true })

import { z } from 'zod'

export const LedgerSetup = z.object({ postgresUrl: z.string() })
export type LedgerSetup = z.infer<typeof LedgerSetup>

/** What our ledger is asked to do: pay among players, pay all to the house, or hold and post what was held. */
export const WORK = ['among players', 'to the house', 'hold and post'] as const
export type Work = (typeof WORK)[number]

export const WorkAsked = z.object({ work: z.enum(WORK), clients: z.int(), seconds: z.number() })
export type WorkAsked = z.infer<typeof WorkAsked>

/** `eachMs`: of one transfer, or of a hold with its post. `cpuUs`: of the process. */
export const WorkDone = z.object({ eachMs: z.array(z.number()), tookMs: z.number(), cpuUs: z.number() })
export type WorkDone = z.infer<typeof WorkDone>

/** Players with money, by number from 1. */
export const PLAYERS = 10_000

import { z } from 'zod'

/** 2⁶³ − 1, the largest bigint of SQL. */
const ID_MAX = '9223372036854775807'

/** A 64-bit, time-ordered id as it travels: decimal digits in a string, since JSON numbers stop at 2⁵³. */
export const Id = z
  .string()
  .regex(/^[1-9]\d{0,18}$/, 'an id is 1 to 19 digits')
  // Digits of one length sort as numbers do. A larger id would pass here and be a database error later.
  .refine((id) => id.length < ID_MAX.length || id <= ID_MAX, 'an id is at most 2^63 - 1')
  .describe('64-bit id, decimal')
export type Id = z.infer<typeof Id>

/** A moment, as RFC 3339 in UTC. */
export const Timestamp = z.iso.datetime().describe('RFC 3339, UTC')
export type Timestamp = z.infer<typeof Timestamp>

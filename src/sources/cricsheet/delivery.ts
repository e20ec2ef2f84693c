import { z } from 'zod';

/**
 * One delivery of a cricket match, with what is known of its match. The order of rows is the order of play: `innings`
 * from 1, `over` from 0 as cricsheet counts, `ball` from 1 by its position in the over, wides and no-balls included.
 */
export const Delivery = z.object({
  matchId: z.string(),
  /** cricsheet's count of corrections to the file. */
  revision: z.int(),
  date: z.iso.date(),
  /** 'T20', 'IT20', 'ODI' … as the file says. */
  matchType: z.string(),
  gender: z.enum(['male', 'female']),
  /** Overs a side as the match was set; null where the file does not say, or says what cannot be. */
  overs: z.int().nullable(),
  /** One name a ground, whatever the file calls it. */
  venue: z.string(),
  city: z.string().nullable(),
  /** Duckworth-Lewis or another method that set the result; null for a match played out. */
  method: z.string().nullable(),
  result: z.enum(['win', 'tie', 'draw', 'no result']),
  winner: z.string().nullable(),
  innings: z.int().min(1),
  superOver: z.boolean(),
  /** One name a team, whatever it was called at the time. */
  battingTeam: z.string(),
  bowlingTeam: z.string(),
  over: z.int().min(0),
  ball: z.int().min(1),
  /** Neither a wide nor a no-ball: it counts towards the over. */
  legal: z.boolean(),
  batter: z.string(),
  bowler: z.string(),
  runsBatter: z.int().min(0),
  runsExtras: z.int().min(0),
  runs: z.int().min(0),
  /** Wickets that count towards ten: not a batter who retired hurt. A whole side has retired out on one delivery. */
  wickets: z.int().min(0),
});

export type Delivery = z.infer<typeof Delivery>;

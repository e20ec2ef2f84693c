import { z } from 'zod';

/**
 * One delivery of a cricket match, with the facts of its match. The order of rows is the order of play: `innings`
 * from 1, `over` from 0 as cricsheet counts, `ball` from 1 by its position in the over, wides and no-balls included.
 */
export const Delivery = z.object({
  matchId: z.string(),
  /** How often cricsheet corrected the file. */
  revision: z.int(),
  date: z.iso.date(),
  /** 'T20', 'IT20', 'ODI' … as the file says. */
  matchType: z.string(),
  gender: z.enum(['male', 'female']),
  /** Overs a side; null if the file has none or an impossible number. */
  overs: z.int().nullable(),
  /** Each ground has one name, whatever name the file uses. */
  venue: z.string(),
  city: z.string().nullable(),
  /** Duckworth-Lewis or another method that decided the result; null for a match played to its end. */
  method: z.string().nullable(),
  result: z.enum(['win', 'tie', 'draw', 'no result']),
  winner: z.string().nullable(),
  innings: z.int().min(1),
  superOver: z.boolean(),
  /** Each team has one name, whatever it was called at the time. */
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
  /** Wickets that count towards ten, so without batters who retired hurt. Once a full side retired out on one delivery. */
  wickets: z.int().min(0),
});

export type Delivery = z.infer<typeof Delivery>;

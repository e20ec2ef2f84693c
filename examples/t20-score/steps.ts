import type { StepContext } from 'modelyard';
import type { Delivery } from 'modelyard/sources';
import { type Innings, inningsBalls, recentBalls, sideOf } from './innings.ts';

type Context = StepContext<{ matches: Delivery }, { rows: Innings }>;

const rowsBetweenReports = 10_000;

/**
 * Writes a row for the state after each delivery of a first innings, with the final score of that innings. The log
 * counts the innings that are excluded, by reason.
 */
export async function ballByBall(context: Context): Promise<void> {
  const excluded = new Map<string, number>();
  let used = 0;
  for await (const match of matchesOf(context)) {
    const first = match.filter(({ innings, superOver }) => innings === 1 && !superOver);
    const reason = exclusionReason(first);
    if (reason === undefined) {
      used += 1;
      await context.out.rows.write(statesOf(first));
    } else excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
  }
  context.log(`${used} first innings used`);
  for (const [reason, count] of excluded) context.log(`${count} excluded: ${reason}`);
}

/** The first reason to exclude a first innings from training; undefined when there is no reason. */
export function exclusionReason(innings: readonly Delivery[]): string | undefined {
  const [any] = innings;
  if (!any) return 'no first innings';
  if (any.gender !== 'male') return "women's match";
  if (any.overs !== 20) return 'not set for twenty overs';
  if (any.method !== null) return `decided by ${any.method}`;
  if (any.result === 'no result') return 'no result';
  const legal = innings.filter((delivery) => delivery.legal).length;
  const wickets = sum(innings, 'wickets');
  return legal < inningsBalls && wickets < 10 ? 'cut short' : undefined;
}

/** The state after each delivery of an innings, wides and no-balls included, in the order of play. */
export function statesOf(innings: readonly Delivery[]): readonly Innings[] {
  const finalScore = sum(innings, 'runs');
  /** Runs and wickets when each legal ball had been bowled, by its number. */
  const after = [{ runs: 0, wickets: 0 }];
  let now = { balls: 0, runs: 0, wickets: 0 };
  return innings.map((delivery) => {
    now = {
      balls: now.balls + (delivery.legal ? 1 : 0),
      runs: now.runs + delivery.runs,
      wickets: now.wickets + delivery.wickets,
    };
    // Runs off wides and no-balls before the first legal ball count in the first window.
    if (now.balls > 0) after[now.balls] = now;
    const then = after[Math.max(0, now.balls - recentBalls)] ?? { runs: 0, wickets: 0 };
    return {
      match: delivery.matchId,
      date: delivery.date,
      venue: delivery.venue,
      battingTeam: sideOf(delivery.battingTeam),
      bowlingTeam: sideOf(delivery.bowlingTeam),
      // An umpire's miscount can make an innings a ball too long.
      ballsBowled: Math.min(now.balls, inningsBalls),
      runs: now.runs,
      wickets: now.wickets,
      runsLastFive: now.runs - then.runs,
      wicketsLastFive: now.wickets - then.wickets,
      finalScore,
    };
  });
}

function sum(innings: readonly Delivery[], column: 'runs' | 'wickets'): number {
  return innings.reduce((total, delivery) => total + delivery[column], 0);
}

async function* matchesOf(context: Context): AsyncGenerator<readonly Delivery[]> {
  const deliveries = context.in.matches;
  let match: Delivery[] = [];
  let done = 0;
  for await (const delivery of deliveries) {
    if (match[0] && match[0].matchId !== delivery.matchId) {
      yield match;
      match = [];
    }
    match.push(delivery);
    done += 1;
    if (done % rowsBetweenReports === 0) context.progress(done, deliveries.rows);
  }
  if (match.length > 0) yield match;
  context.progress(done, deliveries.rows);
}

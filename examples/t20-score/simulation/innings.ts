import { type Ball, drawBall, isLegal, isWicket, runsOf } from './ball.ts';
import type { Chance } from 'modelyard';

export interface Conditions {
  /** Of these batters against these bowlers, on this ground, today. */
  readonly ease: number;
  /** Legal balls. */
  readonly balls: number;
  /** Wickets that end it: 10, or 2 in a super over. */
  readonly wickets: number;
  /** Runs that win the match; absent in a first innings. */
  readonly target?: number;
  readonly batters: readonly string[];
  readonly bowlers: readonly string[];
}

export interface Played {
  readonly ball: Ball;
  readonly over: number;
  readonly batter: string;
  readonly partner: string;
  readonly bowler: string;
}

export interface PlayedInnings {
  readonly played: readonly Played[];
  readonly runs: number;
  readonly wickets: number;
  readonly legalBalls: number;
}

interface Crease {
  readonly striker: number;
  readonly partner: number;
  readonly next: number;
}

/** Plays an innings until its balls, its wickets or its target are reached. */
export function playInnings(conditions: Conditions, chance: Chance): PlayedInnings {
  const faced = conditions.batters.map(() => 0);
  const played: Played[] = [];
  let [runs, wickets, legalBalls] = [0, 0, 0];
  let crease: Crease = { striker: 0, partner: 1, next: 2 };
  const over = (): boolean =>
    legalBalls >= conditions.balls ||
    wickets >= conditions.wickets ||
    Math.max(crease.striker, crease.partner) >= conditions.batters.length ||
    runs >= (conditions.target ?? Number.POSITIVE_INFINITY);
  while (!over()) {
    const overNumber = Math.floor(legalBalls / 6);
    const { ease, risk } = stateOf({
      ...conditions,
      legalBalls,
      wickets,
      runs,
      striker: crease.striker,
      faced: faced[crease.striker] ?? 0,
    });
    const ball = drawBall({ over: phaseOver(overNumber, conditions), ease, risk }, chance);
    played.push({
      ball,
      over: overNumber,
      batter: conditions.batters[crease.striker] ?? '',
      partner: conditions.batters[crease.partner] ?? '',
      bowler: conditions.bowlers[bowlerOf(overNumber, conditions.bowlers.length)] ?? '',
    });
    runs += runsOf(ball);
    if (isWicket(ball)) wickets += 1;
    if (isLegal(ball)) {
      legalBalls += 1;
      faced[crease.striker] = (faced[crease.striker] ?? 0) + 1;
    }
    crease = after(ball, crease, isLegal(ball) && legalBalls % 6 === 0);
  }
  return { played, runs, wickets, legalBalls };
}

interface Now extends Conditions {
  readonly legalBalls: number;
  readonly wickets: number;
  readonly runs: number;
  readonly striker: number;
  readonly faced: number;
}

const tailFrom = 7;

/** How this ball is played: batters settle, the tail cannot, wickets lost early ask for care, a chase sets the pace. */
function stateOf({ ease, balls, target, legalBalls, wickets, runs, striker, faced }: Now): {
  readonly ease: number;
  readonly risk: number;
} {
  const timeInBonus = 0.16 * Math.min(1, faced / 25) - 0.07;
  const tail = striker >= tailFrom ? -0.12 * (striker - tailFrom + 2) : 0;
  const share = legalBalls / balls;
  const spare = 1.5 + 5.5 * share - wickets;
  const care = Math.max(-0.24, Math.min(0.14, 0.07 * spare));
  const hurry = target === undefined ? 0 : hurryOf(target - runs, balls - legalBalls);
  return { ease: ease + timeInBonus + tail, risk: care + hurry };
}

const usualRate = 1.3;

function hurryOf(needed: number, ballsLeft: number): number {
  return Math.max(-0.25, Math.min(0.45, 0.5 * (needed / Math.max(1, ballsLeft) - usualRate)));
}

/** An innings of fewer overs is played as a whole one in small; a super over as the last. */
function phaseOver(over: number, { balls }: Conditions): number {
  return balls <= 6 ? 19 : Math.floor((over * 120) / balls);
}

/** Four overs each at most, and never two in a row. */
function bowlerOf(over: number, count: number): number {
  return (over % 2) + 2 * (Math.floor(over / 2) % Math.max(1, Math.floor(count / 2)));
}

function after(ball: Ball, { striker, partner, next }: Crease, overDone: boolean): Crease {
  const run =
    ball.offBat +
    (ball.extras && ball.extras.kind !== 'penalty' ? ball.extras.runs - (isLegal(ball) ? 0 : 1) : 0);
  const gone =
    ball.out === undefined ? { striker, partner, next } : { striker: next, partner, next: next + 1 };
  return (run % 2 === 1) !== overDone ? { ...gone, striker: gone.partner, partner: gone.striker } : gone;
}

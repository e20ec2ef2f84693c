import type { Chance } from 'modelyard';

/** A delivery, before anybody's name is put to it. */
export interface Ball {
  readonly offBat: number;
  readonly extras?: {
    readonly kind: 'wides' | 'noballs' | 'byes' | 'legbyes' | 'penalty';
    readonly runs: number;
  };
  readonly out?: 'caught' | 'bowled' | 'lbw' | 'run out' | 'stumped' | 'retired hurt' | 'retired out';
}

/** How an over is played: shares of legal balls off which so many runs are hit, and that take a wicket. */
interface Phase {
  readonly untilOver: number;
  readonly hit: readonly (readonly [runs: number, share: number])[];
  readonly wicket: number;
}

/** Field restrictions, the middle, and the last four overs. */
const phases: readonly [Phase, Phase, Phase] = [
  {
    untilOver: 6,
    hit: [
      [1, 0.265],
      [2, 0.052],
      [3, 0.008],
      [4, 0.145],
      [6, 0.032],
    ],
    wicket: 0.042,
  },
  {
    untilOver: 16,
    hit: [
      [1, 0.448],
      [2, 0.078],
      [3, 0.004],
      [4, 0.078],
      [6, 0.041],
    ],
    wicket: 0.045,
  },
  {
    untilOver: 20,
    hit: [
      [1, 0.394],
      [2, 0.115],
      [3, 0.004],
      [4, 0.108],
      [6, 0.073],
    ],
    wicket: 0.088,
  },
];

const shareOf = {
  wide: 0.031,
  noBall: 0.004,
  bye: 0.004,
  legBye: 0.017,
  penalty: 0.00005,
  hurt: 0.0002,
  retired: 0.00003,
};
/** How much more of each hit there is where scoring is easier by 1. */
const gain: Readonly<Record<number, number>> = { 1: 0.25, 2: 0.4, 3: 0.6, 4: 1.1, 6: 2 };
const dismissals = [
  ['caught', 0.6],
  ['bowled', 0.18],
  ['run out', 0.1],
  ['lbw', 0.08],
  ['stumped', 0.04],
] as const;

export interface Setting {
  /** From 0. */
  readonly over: number;
  /** 0 is a usual ball; above it, runs come easier and wickets are dearer. */
  readonly ease: number;
  /** Above 0 for batters who take risks: more big hits and more wickets. */
  readonly risk: number;
}

export function drawBall(setting: Setting, chance: Chance): Ball {
  if (chance.happens(shareOf.wide))
    return { offBat: 0, extras: { kind: 'wides', runs: chance.happens(0.08) ? 2 + chance.below(4) : 1 } };
  if (chance.happens(shareOf.noBall))
    return { offBat: drawHit(setting, chance), extras: { kind: 'noballs', runs: 1 } };
  if (chance.happens(shareOf.hurt)) return { offBat: 0, out: 'retired hurt' };
  if (chance.happens(shareOf.retired)) return { offBat: 0, out: 'retired out' };
  if (chance.happens(phaseOf(setting).wicket * Math.exp(0.8 * setting.risk - 0.75 * setting.ease)))
    return drawDismissal(chance);
  if (chance.happens(shareOf.bye))
    return { offBat: 0, extras: { kind: 'byes', runs: chance.happens(0.25) ? 4 : 1 } };
  if (chance.happens(shareOf.legBye))
    return { offBat: 0, extras: { kind: 'legbyes', runs: chance.happens(0.1) ? 4 : 1 } };
  if (chance.happens(shareOf.penalty)) return { offBat: 0, extras: { kind: 'penalty', runs: 5 } };
  return { offBat: drawHit(setting, chance) };
}

/** Neither a wide nor a no-ball. */
export function isLegal({ extras }: Ball): boolean {
  return extras?.kind !== 'wides' && extras?.kind !== 'noballs';
}

/** Whether it is one of the ten wickets: a batter who retired hurt may come back. */
export function isWicket({ out }: Ball): boolean {
  return out !== undefined && out !== 'retired hurt';
}

export function runsOf({ offBat, extras }: Ball): number {
  return offBat + (extras?.runs ?? 0);
}

function phaseOf({ over }: Setting): Phase {
  return phases.find(({ untilOver }) => over < untilOver) ?? phases[2];
}

function drawHit(setting: Setting, chance: Chance): number {
  let left = chance.next();
  for (const [runs, share] of phaseOf(setting).hit) {
    const bold = runs >= 4 ? Math.exp(setting.risk) : 1;
    left -= share * bold * Math.exp((gain[runs] ?? 0) * setting.ease);
    if (left < 0) return runs;
  }
  return 0;
}

function drawDismissal(chance: Chance): Ball {
  let left = chance.next();
  for (const [out, share] of dismissals) {
    left -= share;
    if (left < 0) return { offBat: out === 'run out' && chance.happens(0.3) ? 1 : 0, out };
  }
  return { offBat: 0, out: 'caught' };
}

import { type Features, z } from 'modelyard';

/** The full members of the International Cricket Council. Every other team is 'Other'. */
const fullMembers = [
  'Afghanistan',
  'Australia',
  'Bangladesh',
  'England',
  'India',
  'Ireland',
  'New Zealand',
  'Pakistan',
  'South Africa',
  'Sri Lanka',
  'West Indies',
  'Zimbabwe',
] as const;

export const Side = z.enum([...fullMembers, 'Other']);
export type Side = z.infer<typeof Side>;

/** The name of a full member, or 'Other'. */
export function sideOf(team: string): Side {
  return fullMembers.find((member) => member === team) ?? 'Other';
}

/** The overs that count as recent, in legal balls. */
export const recentBalls = 30;
/** Legal balls of a whole innings. */
export const inningsBalls = 120;

const situation = {
  battingTeam: Side.meta({
    title: 'Batting team',
    description: 'Other is every team outside the full members.',
    examples: ['India'],
  }),
  bowlingTeam: Side.meta({
    title: 'Bowling team',
    description: 'Other is every team outside the full members.',
    examples: ['Australia'],
  }),
  ballsBowled: z
    .int()
    .min(0)
    .max(inningsBalls)
    .meta({
      title: 'Balls bowled',
      unit: 'balls',
      description: 'Legal balls so far, wides and no-balls left out: 60 after ten overs.',
      examples: [60],
    }),
  runs: z
    .int()
    .min(0)
    .max(400)
    .meta({ title: 'Runs', unit: 'runs', description: 'Scored so far.', examples: [78] }),
  wickets: z
    .int()
    .min(0)
    .max(10)
    .meta({ title: 'Wickets', unit: 'wickets', description: 'Lost so far.', examples: [2] }),
  runsLastFive: z
    .int()
    .min(0)
    .max(200)
    .meta({
      title: 'Runs in the last five overs',
      unit: 'runs',
      description: 'Off the last 30 legal balls; in the first five overs, all of them.',
      examples: [41],
    }),
  wicketsLastFive: z
    .int()
    .min(0)
    .max(10)
    .meta({
      title: 'Wickets in the last five overs',
      unit: 'wickets',
      description: 'In the last 30 legal balls; in the first five overs, all of them.',
      examples: [1],
    }),
};

/** The state of a first innings of twenty overs after one delivery, and its final score. */
export const Innings = z.object({
  match: z.string().meta({ title: 'Match' }),
  date: z.iso.date().meta({ title: 'Date' }),
  venue: z.string().meta({ title: 'Ground' }),
  ...situation,
  finalScore: z.int().min(0).max(500).meta({ title: 'Final score', unit: 'runs' }),
});
export type Innings = z.infer<typeof Innings>;

/** Whether five overs have been bowled: before, every model is close to a guess. */
export function fromOverFive({ ballsBowled }: Innings): boolean {
  return ballsBowled >= recentBalls;
}

/** The prediction request: the state of an innings. Impossible states are refused with the wrong field's name. */
export const Situation = z.object(situation).check(({ value, issues }) => {
  const refuse = (field: keyof typeof situation, message: string): void => {
    issues.push({ code: 'custom', input: value[field], path: [field], message });
  };
  if (value.battingTeam === value.bowlingTeam && value.bowlingTeam !== 'Other')
    refuse('bowlingTeam', `${value.bowlingTeam} cannot bowl to itself: choose another team`);
  for (const [recent, whole, what] of [
    ['runsLastFive', 'runs', 'runs'],
    ['wicketsLastFive', 'wickets', 'wickets'],
  ] as const) {
    const [last, all] = [value[recent], value[whole]];
    if (last > all)
      refuse(recent, `${last} ${what} in the last five overs are more than the ${all} of the whole innings`);
    else if (last < all && value.ballsBowled <= recentBalls)
      refuse(recent, `five overs or fewer have been bowled, so the last five hold all ${all} ${what}`);
  }
});
export type Situation = z.infer<typeof Situation>;

/** A typical scoring rate in runs per ball, and its weight in balls when it is averaged with the rate so far. */
const typical = { rate: 1.3, balls: 60 };
/** Expected balls per wicket in hand. */
const ballsPerWicket = 20;

/** The score at the present rate, in runs. */
function projectedScore({ ballsBowled, runs, wickets }: Situation): number {
  const rate = (runs + typical.rate * typical.balls) / (ballsBowled + typical.balls);
  return runs + rate * ballsToFace(inningsBalls - ballsBowled, 10 - wickets);
}

/** The model learns by how much an innings ends above its projection, and predicts the score. */
export function aboveProjection(score: number, now: Situation): number {
  return score - projectedScore(now);
}

export function asScore(above: number, now: Situation): number {
  return above + projectedScore(now);
}

/** The features of the model. */
export function toFeatures(now: Situation): Features {
  const ballsLeft = inningsBalls - now.ballsBowled;
  const wicketsLeft = 10 - now.wickets;
  return {
    runs: now.runs,
    ballsLeft,
    wicketsLeft,
    runsLastFive: now.runsLastFive,
    wicketsLastFive: now.wicketsLastFive,
    projected: projectedScore(now),
    battingFullMember: isFullMember(now.battingTeam),
    bowlingFullMember: isFullMember(now.bowlingTeam),
  };
}

/**
 * The balls that the team can expect to face: nearly all with many wickets in hand, fewer with each wicket lost. The
 * curve is the exponential of Duckworth and Lewis, Journal of the Operational Research Society 49(3), 1998.
 */
function ballsToFace(ballsLeft: number, wicketsLeft: number): number {
  const lasting = wicketsLeft * ballsPerWicket;
  return lasting === 0 ? 0 : lasting * (1 - Math.exp(-ballsLeft / lasting));
}

function isFullMember(side: Side): number {
  return side === 'Other' ? 0 : 1;
}

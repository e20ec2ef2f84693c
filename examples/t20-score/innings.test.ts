import { expect, test } from 'vitest';
import { aboveProjection, asScore, Innings, sideOf, Situation, toFeatures } from './innings.ts';

const tenOvers: Situation = {
  battingTeam: 'India',
  bowlingTeam: 'Australia',
  ballsBowled: 60,
  runs: 78,
  wickets: 2,
  runsLastFive: 41,
  wicketsLastFive: 1,
};

function refusals(change: Partial<Situation>): readonly string[] {
  const parsed = Situation.safeParse({ ...tenOvers, ...change });
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('an innings that can be is taken', () => {
  expect(refusals({})).toEqual([]);
  expect(refusals({ battingTeam: 'Other', bowlingTeam: 'Other' })).toEqual([]);
  expect(refusals({ ballsBowled: 0, runs: 0, wickets: 0, runsLastFive: 0, wicketsLastFive: 0 })).toEqual([]);
});

test('an innings that cannot be is refused at the field at fault', () => {
  expect(refusals({ runsLastFive: 79 })).toEqual([
    'runsLastFive: 79 runs in the last five overs are more than the 78 of the whole innings',
  ]);
  expect(refusals({ wicketsLastFive: 3 })).toEqual([
    'wicketsLastFive: 3 wickets in the last five overs are more than the 2 of the whole innings',
  ]);
  expect(refusals({ ballsBowled: 30 })).toEqual([
    'runsLastFive: five overs or fewer have been bowled, so the last five hold all 78 runs',
    'wicketsLastFive: five overs or fewer have been bowled, so the last five hold all 2 wickets',
  ]);
  expect(refusals({ bowlingTeam: 'India' })).toEqual([
    'bowlingTeam: India cannot bowl to itself: choose another team',
  ]);
  expect(refusals({ ballsBowled: 121 })).toHaveLength(1);
});

test('every field of the request has a title, and an example that together make a situation', () => {
  const examples = Object.entries(Situation.shape).map(([name, field]) => {
    const { title, examples: [example] = [] } = field.meta() as {
      title?: string;
      examples?: readonly unknown[];
    };
    expect(title).toMatch(/./);
    return [name, example];
  });
  expect(Situation.parse(Object.fromEntries(examples))).toEqual(tenOvers);
  expect(Object.keys(Innings.shape)).toEqual(expect.arrayContaining(Object.keys(Situation.shape)));
});

test('features are what the innings says, and a projection between the score and the plain run rate', () => {
  const features = toFeatures(tenOvers);
  expect(features).toMatchObject({ runs: 78, ballsLeft: 60, wicketsLeft: 8, battingFullMember: 1 });
  // A rate of (78 + 78) / (60 + 60), and 160 × (1 − e^(−60/160)) balls worth counting on.
  expect(features['projected']).toBeCloseTo(78 + 1.3 * 160 * (1 - Math.exp(-0.375)), 9);
});

test('nothing more is projected when the balls or the wickets are gone', () => {
  const over = { ...tenOvers, runs: 150, runsLastFive: 60 };
  expect(toFeatures({ ...over, ballsBowled: 120 })['projected']).toBe(150);
  expect(toFeatures({ ...over, ballsBowled: 100, wickets: 10 })['projected']).toBe(150);
});

test('a wicket in hand is worth runs', () => {
  const projected = [0, 3, 6, 9].map((wickets) => toFeatures({ ...tenOvers, wickets })['projected'] ?? 0);
  expect(projected).toEqual(projected.toSorted((a, b) => b - a));
  expect(new Set(projected).size).toBe(4);
});

test('a team outside the full members plays as Other', () => {
  expect([sideOf('West Indies'), sideOf('Nepal')]).toEqual(['West Indies', 'Other']);
  expect(toFeatures({ ...tenOvers, bowlingTeam: sideOf('Nepal') })).toMatchObject({ bowlingFullMember: 0 });
});

test('the model learns what an innings scores above its projection, and the score comes back', () => {
  const { projected } = toFeatures(tenOvers);
  expect(aboveProjection(170, tenOvers)).toBe(170 - (projected as number));
  expect(asScore(aboveProjection(170, tenOvers), tenOvers)).toBeCloseTo(170);
  const over = { ...tenOvers, ballsBowled: 120 };
  expect(asScore(0, over)).toBe(78);
});

import { expect, test } from 'vitest';
import type { TrainingRows } from '../../project/models/trainer.ts';
import { featureWarnings } from './feature-warnings.ts';
import { housesProject, openHouses, runsNestedIn } from '../houses.fixture.ts';

const rowsOf = (columns: Readonly<Record<string, readonly number[]>>): TrainingRows => ({
  matrix: {
    features: Object.keys(columns),
    rows: Object.values(columns)[0]?.length ?? 0,
    columns: Object.values(columns).map((values) => Float32Array.from(values)),
  },
  target: new Float64Array(),
  group: new Int32Array(),
  order: new Float64Array(),
});

test('features that are missing or the same in every training row are named, and no others', () => {
  const train = rowsOf({ gone: [NaN, NaN], zero: [0, -0], late: [1, 1], rare: [NaN, 5], size: [1, 2] });
  const validation = rowsOf({ gone: [NaN], zero: [0], late: [2], rare: [5], size: [1] });
  expect(featureWarnings({ train, validation })).toEqual([
    '1 feature is missing in every training row: gone; correct the feature function, or remove it',
    '1 feature is the same in every training row, so nothing is learned from it: zero (0)',
  ]);
});

test('of many such features twenty are named and all are counted', () => {
  const rows = rowsOf(Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`f${at}`, [NaN]])));
  const [warning = ''] = featureWarnings({ train: rows, validation: rows });
  expect(warning).toContain('25 features are missing in every training row: f0, f1,');
  expect(warning).toContain('f19 and 5 more; correct the feature function, or remove them');
});

test('a misspelt column is a warning of the run and of the line of its task', async () => {
  await using houses = await openHouses();
  const misspelt = (({ sise, size }: { sise: number; size: number }) => ({
    sise: sise * 10,
    one: 1,
    size,
  })) as never;
  const { runId, states } = await houses.run(housesProject({ features: misspelt }));
  const expected = [
    '1 feature is missing in every training row: sise; correct the feature function, or remove it',
    '1 feature is the same in every training row, so nothing is learned from it: one (1)',
  ];
  expect(states.get('house-price.train')?.facts).toMatchObject({ warnings: expected });
  const [training] = await runsNestedIn(houses, runId ?? null);
  expect(training?.tags['modelyard.warnings']).toBe(expected.join('\n'));
});

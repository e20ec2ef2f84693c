import { expect, test } from 'vitest';
import { readDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { Report } from '../../training/report/report.ts';
import type { Features } from '../../project/models/model.ts';
import { housesProject, openHouses } from '../houses.fixture.ts';
import { meanTrainer } from '../mean-trainer.fixture.ts';

test('the features of a row are made once, and the test rows are measured with them', async () => {
  await using houses = await openHouses();
  let calls = 0;
  const counted = (house: { readonly size: number }): Features => {
    calls += 1;
    return { size: house.size };
  };
  const project = housesProject({ features: counted as never });
  await houses.run(project, { target: 'house-price.features' });
  const traced = calls;
  const { states } = await houses.run(project);
  expect(states.get('house-price.evaluate')).toMatchObject({ status: 'done', facts: { rows: 40 } });
  expect(traced, 'once for each of the 200 houses, and to trace the features').toBeGreaterThanOrEqual(200);
  expect(calls, 'no more to train and to measure').toBe(traced);
});

test('a trainer without intervals is measured with those of its errors', async () => {
  await using houses = await openHouses();
  const project = housesProject({
    trainer: meanTrainer(),
    metrics: ['mae', 'intervalCoverage', 'intervalWidth'],
  });
  const { states } = await houses.run(project);
  expect(states.get('house-price.evaluate')).toMatchObject({
    status: 'done',
    facts: {
      metrics: { mae: expect.any(Number), intervalCoverage: 0.75, intervalWidth: expect.any(Number) },
    },
  });
});

test('a report of the test rows is an output, with errors by the fields of a request and over time', async () => {
  await using houses = await openHouses();
  const { states } = await houses.run(housesProject());
  const digest = states.get('house-price.evaluate')?.outputs?.['report'] as Digest;
  const report = await readDataset(digest, houses.blobs);
  expect(report).toMatchObject({
    kind: 'value',
    value: {
      format: 1,
      rows: 40,
      target: { kind: 'number' },
      others: { constant: { mae: expect.any(Number) } },
    },
  });
  const value = (report.kind === 'value' ? report.value : {}) as unknown as Report;
  expect(value.segments.map(({ column }) => column)).toContain('size');
  expect(value.overTime.reduce((sum, { rows }) => sum + rows, 0)).toBe(40);
  expect(Object.keys(value.worst[0]?.values ?? {})).toContain('sold');
});

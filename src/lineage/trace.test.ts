import { expect, test } from 'vitest';
import { openHouses } from '../lifecycle/houses.fixture.ts';
import { salesCsv, streetsProject } from '../lifecycle/streets.fixture.ts';
import { asPipelineVersion } from '../registry/model.ts';
import { traceVersion } from './trace.ts';

test('the trace of a version goes through the views that it looks up to the raw files', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  await houses.run(streetsProject());
  const version = asPipelineVersion(await houses.registry.findVersion({ model: 'street-price', version: 1 }));
  if (!version) throw new Error('no version');
  const { tasks, rawFiles } = await traceVersion(version, houses);
  expect(tasks.map(({ task }) => task)).toContain('levels');
  const needs = tasks.find(({ task }) => task === 'street-price.features')?.needs;
  expect(needs).toEqual(['sales', 'levels']);
  expect(rawFiles.map(({ name }) => name)).toEqual(['houses.csv']);
});

import { expect, test } from 'vitest';
import { lower } from '../../project/models/promotion.ts';
import { readVersionRecord } from '../reproduction/version-record.ts';
import { openHouses } from '../houses.fixture.ts';
import { operations } from '../operations/all.ts';
import { theta } from '../../project/models/forecaster.ts';
import { clientForecastProject, writeSales } from './client-forecasts.fixture.ts';
import { evaluateForecast } from './evaluate-operation.ts';

const series = { one: Array.from({ length: 60 }, (_, at) => 100 + at + 10 * Math.sin(at)) };
const metrics = ['smape', 'mae'] as const;

test('a version that was planned before the metric of the rule was a param can be trained again', async () => {
  await using houses = await openHouses();
  await writeSales(houses, series);
  const { outcomes } = await houses.run(clientForecastProject({ candidates: [theta()], metrics }));
  const version = outcomes.get('sales')?.version;
  if (!version) throw new Error('no version was registered');
  const planned = houses.launched.find(({ operation }) => operation === evaluateForecast.name)?.params;
  expect(Object.keys(planned ?? {}), 'as earlier releases planned it').not.toContain('when');
  expect(await readVersionRecord(version, { ...houses, operations })).not.toHaveProperty('missing');
  // The params of an evaluation by another metric than the first.
  const promote = { alias: 'prod', when: lower('mae'), first: 'always' } as const;
  await houses.run(clientForecastProject({ candidates: [theta()], metrics, promote }));
  expect(houses.launched.at(-1)).toMatchObject({ operation: evaluateForecast.name, params: { when: 'mae' } });
});

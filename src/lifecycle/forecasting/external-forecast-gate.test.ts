import { expect, test } from 'vitest';
import { readDataset } from '../../data/dataset.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { normalNumber, seededRandom } from '../../kernel/random.ts';
import { formatVerdict } from '../../registry/format-verdict.ts';
import { metricFormat } from '../../registry/format-metric.ts';
import { openHouses } from '../houses.fixture.ts';
import {
  clientForecastProject,
  type ForecastOf,
  registerForecaster,
  writeSales,
} from './client-forecasts.fixture.ts';
import { forecastReportSchema } from './forecast-report-schema.ts';
import { readForecastModel } from './forecast-model.ts';
import { forecastPredictor } from './forecast-predictor.ts';

const horizon = 6;

/** Random walks, by the name of their series. */
function walks(count: number, length: number): Readonly<Record<string, readonly number[]>> {
  const random = seededRandom(3);
  return Object.fromEntries(
    Array.from({ length: count }, (_, series) => {
      let level = 1000;
      return [`walk${series}`, Array.from({ length }, () => (level += normalNumber(random)))];
    }),
  );
}

test('the intervals of a served version contain the share of later values that they name', async () => {
  await using houses = await openHouses();
  const all = walks(300, 60 + horizon);
  const past = Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.slice(0, 60)]));
  await writeSales(houses, past);
  // It learned from the values before the last horizon, and repeats the last of them.
  await registerForecaster(houses, ({ series }, index) => past[series[index] ?? '']?.[59 - horizon] ?? 0);
  const { outcomes } = await houses.run(clientForecastProject());
  const folder = await readDataset(outcomes.get('sales')?.version.folder ?? ('' as never), houses.blobs);
  const predictor = forecastPredictor('sales', await readForecastModel(folder, houses.blobs), new Map());
  const rows = Object.keys(all).map((series) => ({ request: { series } }));
  const inside = (await predictor.predict(rows)).flatMap(({ prediction }, index) =>
    prediction.kind === 'forecast'
      ? prediction.horizon.map(({ interval }, step) => {
          const truth = Object.values(all)[index]?.[60 + step] ?? Number.NaN;
          return interval !== undefined && interval.low <= truth && truth <= interval.high;
        })
      : [],
  );
  expect(inside).toHaveLength(300 * horizon);
  const share = inside.filter(Boolean).length / inside.length;
  expect(share).toBeGreaterThan(0.75);
  expect(share).toBeLessThan(0.85);
});

test('a version that a client logged has no coverage in its metrics and in its report', async () => {
  await using houses = await openHouses();
  await writeSales(houses, walks(2, 60));
  await registerForecaster(houses, () => 1000);
  const { outcomes } = await houses.run(clientForecastProject());
  const metrics = outcomes.get('sales')?.verdict?.facts.candidate.metrics;
  expect(metrics).toEqual({ smape: expect.any(Number), intervalCoverage: Number.NaN });
  const evaluated = houses.launched.findIndex(({ operation }) => operation === 'evaluate-forecast');
  const result = await houses.results.find(houses.launched[evaluated]?.key ?? ('' as never));
  const dataset = await readDataset(result?.outputs['report'] ?? ('' as never), houses.blobs);
  const report = forecastReportSchema.parse(dataset.kind === 'value' ? dataset.value : undefined);
  for (const part of [report, ...report.byStep, ...report.byOrigin]) {
    expect(part.metrics).toEqual({ smape: expect.any(Number), intervalCoverage: null });
    expect(part.others['seasonal-naive']).toEqual({ smape: expect.any(Number), intervalCoverage: null });
  }
});

const repeats: ForecastOf = ({ times }, index) => 1000 + Number(String(times[index]).slice(5, 7));

test('a version that has no forecast of the newest values is not judged, and the run says why', async () => {
  await using houses = await openHouses();
  const all = walks(1, 70);
  const until = (length: number) => ({ walk0: (all['walk0'] ?? []).slice(0, length) });
  await writeSales(houses, until(60));
  await registerForecaster(houses, repeats);
  await houses.run(clientForecastProject());
  await writeSales(houses, until(60 + horizon));
  const grown = await houses.run(clientForecastProject());
  expect(
    grown.states.get('sales.gate-forecast')?.facts,
    'its forecasts reach one horizon ahead',
  ).toMatchObject({
    notJudged: null,
  });
  await writeSales(houses, until(61 + horizon));
  const outgrown = await houses.run(clientForecastProject());
  expect(outgrown.failures).toEqual([]);
  expect(outgrown.states.get('sales.gate-forecast')?.facts?.['notJudged']).toMatch(
    /^no forecast of these values: .* log and register a newer one .*walk0.*values from 2021-02-01/,
  );
});

test('values that are no series fail the run, also after a version was judged', async () => {
  await using houses = await openHouses();
  const { walk0 = [] } = walks(1, 60);
  await writeSales(houses, { walk0 });
  await registerForecaster(houses, repeats);
  await houses.run(clientForecastProject());
  await writeSales(houses, { walk0: walk0.slice(0, 10) });
  const { failures } = await houses.run(clientForecastProject());
  expect(failures).toMatchObject([
    {
      task: 'sales.gate-forecast',
      error: { code: 'DATA_INVALID', message: expect.stringContaining('10 values') },
    },
  ]);
});

test('an error of the stores names the version', async () => {
  await using houses = await openHouses();
  await writeSales(houses, walks(1, 60));
  await registerForecaster(houses, repeats);
  houses.registry.adopt = async () => {
    throw new PlatformError('STATE_UNWRITABLE', { field: 'disk', value: 'full', remedy: 'Free space.' });
  };
  const { failures } = await houses.run(clientForecastProject());
  expect(failures).toMatchObject([{ error: { detail: { field: 'version 1 of sales: disk' } } }]);
});

test('a live version that the values have outgrown does not hold a newer one', async () => {
  await using houses = await openHouses();
  const { walk0 = [] } = walks(1, 70);
  await writeSales(houses, { walk0: walk0.slice(0, 60) });
  await registerForecaster(houses, repeats);
  await houses.run(clientForecastProject());
  await writeSales(houses, { walk0 });
  await registerForecaster(houses, repeats);
  const { outcomes, states } = await houses.run(clientForecastProject());
  const verdict = outcomes.get('sales')?.verdict;
  expect(verdict?.decision).toEqual({ kind: 'promote', because: 'first' });
  expect(verdict?.facts.champion).toMatchObject({ version: 1, isOutdated: true });
  expect(verdict && formatVerdict(verdict, metricFormat(''))).toMatch(
    /^promoted: version 1 does not forecast these values; sMAPE is /,
  );
  expect(await houses.registry.aliases('sales')).toEqual({ prod: 2 });
  // The candidate and the live version are measured under names of their own.
  const measured = houses.launched.filter(({ operation }) => operation === 'evaluate-forecast');
  expect(measured.map(({ task }) => task)).toEqual(['sales.candidate', 'sales.candidate', 'sales.champion']);
  expect(states.get('sales.gate-forecast')?.status).toBe('done');
});

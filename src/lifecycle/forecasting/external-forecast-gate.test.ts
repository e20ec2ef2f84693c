import { expect, test } from 'vitest';
import { readDataset } from '../../data/dataset.ts';
import { normalNumber, seededRandom } from '../../kernel/random.ts';
import { openHouses } from '../houses.fixture.ts';
import { clientForecastProject, registerForecaster, writeSales } from './client-forecasts.fixture.ts';
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

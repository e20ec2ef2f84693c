import { expect, test } from 'vitest';
import { readDataset } from '../../data/dataset.ts';
import { normalNumber, seededRandom } from '../../kernel/random.ts';
import { openHouses } from '../houses.fixture.ts';
import { clientForecastProject, registerForecaster, writeSales } from './client-forecasts.fixture.ts';
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

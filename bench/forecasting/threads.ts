import { availableParallelism } from 'node:os';
import { writeSeries } from '../../examples/smape-forecast/series.ts';
import { originsOf } from '../../src/training/forecasting/origins.ts';
import { runBacktest } from '../../src/training/forecasting/backtest.ts';
import type { Recipe } from '../../src/training/forecasting/recipe.ts';
import type { BenchContext } from '../context.ts';

const recipes: readonly Recipe[] = [{ name: 'ets' }, { name: 'theta', dynamic: true, log: 'median' }];

/** Thousands of series over all cores: how many cores work, on average. */
export async function threadsCase({ quick, report }: BenchContext): Promise<void> {
  const values = syntheticValues(quick ? 200 : 3000);
  const options = { period: 12, horizon: 18 };
  const origins = originsOf(
    values.map(({ length }) => length),
    { ...options, from: 1, to: 1 },
  );
  const cores = availableParallelism();
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const found = await runBacktest(values, origins, { ...options, recipes });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  if (found.forecasts(recipes[0] as Recipe).length !== values.length)
    throw new Error('Some series were not forecast');
  const name = `${values.length} series by ETS and dynamic theta`;
  const busy = (user + system) / 1e6 / seconds;
  report({
    name: `${name}, cores in use of ${cores}`,
    ours: busy,
    unit: 'cores',
    better: 'more',
    goal: 0.85 * cores,
  });
  report({ name, ours: values.length / seconds, unit: 'series/s', better: 'more', goal: 50 * cores });
}

function syntheticValues(series: number): readonly Float64Array[] {
  const bySeries = new Map<string, number[]>();
  for (const { text } of writeSeries({ seed: 11, series }))
    for (const line of text.trim().split('\n').slice(1)) {
      const [name = '', , value] = line.split(',');
      const values = bySeries.get(name) ?? [];
      bySeries.set(name, values);
      values.push(Number(value));
    }
  return [...bySeries.values()].map((values) => Float64Array.from(values));
}

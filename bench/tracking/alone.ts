import type { BenchContext } from '../context.ts';
import { median } from '../samples.ts';
import type { Api } from './api.ts';
import { all, timed } from './load.ts';
import { manyRuns } from './many-runs.ts';
import { createExperiment, createRun, hundredPoints, nextPoints } from './runs.ts';
import type { Sizes } from './sizes.ts';

/** Cases that measure only our server: searches of very many runs, and writes beside very many points. */
export async function alone(api: Api, sizes: Sizes, report: BenchContext['report']): Promise<void> {
  const { manyPoints, calls } = sizes;
  await manyRuns(api, sizes, report);
  report({
    name: `log-batch of 100 metrics beside ${manyPoints} points, time over that beside 1,000`,
    ours: await slowDown(api, manyPoints, calls * 20),
    unit: '×',
    better: 'less',
    goal: 1.5,
  });
}

/** The median time of a batch beside very many points, divided by that beside a thousand. */
async function slowDown(api: Api, points: number, calls: number): Promise<number> {
  const experiment = await createExperiment(api, 'beside many points');
  const batchTime = async (): Promise<number> => {
    const run_id = await createRun(api, experiment, 0);
    let batch = 0;
    const { milliseconds } = await timed(calls, () =>
      api.post('/runs/log-batch', { run_id, metrics: hundredPoints(batch++) }),
    );
    return median(milliseconds);
  };
  await fill(api, experiment, 1000);
  const few = await batchTime();
  await fill(api, experiment, points);
  return (await batchTime()) / few;
}

/** Points in runs of 20,000 each. */
async function fill(api: Api, experiment: string, points: number): Promise<void> {
  const inRun = 20_000;
  for (let from = 0; from < points; from += inRun) {
    const run_id = await createRun(api, experiment, from);
    const count = Math.min(inRun, points - from) / 1000;
    await all({ clients: 4, count }, async (index) => {
      await api.post('/runs/log-batch', { run_id, metrics: nextPoints('loss', index * 1000, 1000) });
    });
  }
}

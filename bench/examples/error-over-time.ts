import { join } from 'node:path';
import { openFileBlobStore } from '../../src/adapters/files/blob-store.ts';
import { openFileResultStore } from '../../src/adapters/files/result-store.ts';
import { readDataset } from '../../src/data/dataset.ts';
import { reportSchema } from '../../src/lifecycle/measure/report-schema.ts';
import type { Metric } from '../../src/project/models/metric.ts';

const msPerMonth = (365.25 / 12) * 86_400_000;

/** A table of a model's error by the months since the last row that it learned from, beside that of a constant. */
export async function errorOverTime(model: string, metric: Metric, state: string): Promise<string> {
  const results = await openFileResultStore(join(state, 'results'));
  const blobs = await openFileBlobStore(join(state, 'blobs'));
  const digest = (await results.last(`${model}.evaluate`))?.outputs['report'];
  if (digest === undefined) throw new Error(`The run has no report of ${model}.`);
  const dataset = await readDataset(digest, blobs);
  const { overTime } = reportSchema.parse(dataset.kind === 'value' ? dataset.value : undefined);
  const start = Date.parse(overTime[0]?.from ?? '');
  const months = (day: string): string => ((Date.parse(day) - start) / msPerMonth).toFixed(1);
  return [
    `| ${model}, months since training | rows | ${metric} | constant |`,
    '|---|---|---|---|',
    ...overTime.map(
      ({ from, to, rows, metrics, others }) =>
        `| ${months(from)}–${months(to)} | ${rows} | ${figure(metrics[metric])} | ${figure(others['constant']?.[metric])} |`,
    ),
  ].join('\n');
}

function figure(value: number | null | undefined): string {
  return value?.toFixed(2) ?? '–';
}

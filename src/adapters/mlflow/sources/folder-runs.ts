import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SourceRun } from '../../../exchange/import/source.ts';
import type { DatasetInput, LoggedPoint } from '../../../tracking/model.ts';
import { numberIn, numberOf, objectIn, someText, textIn } from './fields.ts';
import { foldersIn, keysIn, metaIn, textsIn } from './folder-files.ts';
import { storedRun } from './stored.ts';

const pointsAtOnce = 10_000;

export async function* folderRuns(experiment: string, experimentId: string): AsyncGenerator<SourceRun> {
  for (const name of await foldersIn(experiment)) {
    const run = /^[0-9a-f]{32}$/.test(name) ? await runIn(experiment, name, experimentId) : undefined;
    if (run) yield run;
  }
}

/** Each metric is a file, and each line a point: time, value, step. */
export async function* folderPoints(run: string): AsyncGenerator<readonly LoggedPoint[]> {
  const folder = join(run, 'metrics');
  for (const key of await keysIn(folder)) yield* pointsIn(join(folder, key), key);
}

async function* pointsIn(path: string, key: string): AsyncGenerator<readonly LoggedPoint[]> {
  let points: LoggedPoint[] = [];
  for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
    const [timestamp, value, step = '0'] = line.trim().split(' ');
    if (timestamp === undefined || value === undefined) continue;
    points.push({ key, value: numberOf(value), step: Number(step), timestamp: Number(timestamp) });
    if (points.length < pointsAtOnce) continue;
    yield points;
    points = [];
  }
  if (points.length) yield points;
}

async function runIn(experiment: string, id: string, experimentId: string): Promise<SourceRun | undefined> {
  const folder = join(experiment, id);
  const meta = await metaIn(folder);
  if (!meta) return undefined;
  const tags = await textsIn(join(folder, 'tags'));
  return {
    ...storedRun(meta, { id, experimentId, name: textIn(meta, 'run_name'), tags }),
    metrics: await lastPoints(folder),
    params: await textsIn(join(folder, 'params')),
    ...(await linksOf(folder, experiment)),
  };
}

/** The last line of each metric shows whether anything was logged since. */
async function lastPoints(run: string): Promise<readonly LoggedPoint[]> {
  const last = new Map<string, LoggedPoint>();
  for await (const points of folderPoints(run)) for (const point of points) last.set(point.key, point);
  return [...last.values()];
}

async function linksOf(
  run: string,
  experiment: string,
): Promise<Pick<SourceRun, 'datasets' | 'modelInputs' | 'modelOutputs'>> {
  const datasets: DatasetInput[] = [];
  const modelInputs: string[] = [];
  for (const name of await foldersIn(join(run, 'inputs'))) {
    const meta = (await metaIn(join(run, 'inputs', name))) ?? {};
    const id = textIn(meta, 'source_id');
    const dataset = textIn(meta, 'source_type') === 'DATASET' ? await datasetIn(experiment, id) : undefined;
    const given = objectIn(meta, 'tags');
    const tags = Object.keys(given).map((key) => ({
      key,
      value: textIn(given, key),
    }));
    if (dataset) datasets.push({ dataset, tags });
    else if (textIn(meta, 'source_type') === 'MODEL') modelInputs.push(id);
  }
  const modelOutputs = await Promise.all(
    (await foldersIn(join(run, 'outputs'))).map(async (name) => {
      const meta = (await metaIn(join(run, 'outputs', name))) ?? {};
      return { modelId: textIn(meta, 'destination_id') || name, step: numberIn(meta, 'step') ?? 0 };
    }),
  );
  return { datasets, modelInputs, modelOutputs };
}

async function datasetIn(experiment: string, id: string): Promise<DatasetInput['dataset'] | undefined> {
  const meta = /^\w+$/.test(id) ? await metaIn(join(experiment, 'datasets', id)) : undefined;
  if (!meta) return undefined;
  const [schema, profile] = [someText(meta, 'schema'), someText(meta, 'profile')];
  return {
    name: textIn(meta, 'name'),
    digest: textIn(meta, 'digest'),
    sourceType: textIn(meta, 'source_type'),
    source: textIn(meta, 'source'),
    ...(schema !== undefined && { schema }),
    ...(profile !== undefined && { profile }),
  };
}

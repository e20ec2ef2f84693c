import { join } from 'node:path';
import type { SourceLoggedModel } from '../../../exchange/import/source.ts';
import type { ModelPoint } from '../../../tracking/logged-model.ts';
import { numberIn, numberOf, textIn } from './fields.ts';
import { foldersIn, metaIn, textsIn } from './folder-files.ts';
import { lifecycleOf, loggedModelStatus } from './enum-values.ts';

/** Reads the folder 'models' of an experiment, which MLflow 3 writes. */
export async function* folderLoggedModels(
  experiment: string,
  experimentId: string,
): AsyncGenerator<SourceLoggedModel> {
  for (const id of await foldersIn(join(experiment, 'models'))) {
    const folder = join(experiment, 'models', id);
    const meta = await metaIn(folder);
    if (!meta) continue;
    const createdAt = numberIn(meta, 'creation_timestamp') ?? 0;
    const metrics = await textsIn(join(folder, 'metrics'));
    yield {
      id,
      experimentId,
      name: textIn(meta, 'name'),
      artifactUri: textIn(meta, 'artifact_location'),
      createdAt,
      updatedAt: numberIn(meta, 'last_updated_timestamp') ?? createdAt,
      status: loggedModelStatus(textIn(meta, 'status')),
      lifecycle: lifecycleOf(textIn(meta, 'lifecycle_stage')),
      statusMessage: textIn(meta, 'status_message'),
      modelType: textIn(meta, 'model_type'),
      sourceRunId: textIn(meta, 'source_run_id'),
      params: await textsIn(join(folder, 'params')),
      tags: await textsIn(join(folder, 'tags')),
      metrics: metrics.flatMap(({ key, value }) => pointsOf(key, value)),
    };
  }
}

/** Each line is a point: time, value, step, run, and optionally a dataset's name, which may contain blanks, and digest. */
function pointsOf(key: string, text: string): readonly ModelPoint[] {
  return text.split('\n').flatMap((line) => {
    const [timestamp, value, step, runId, ...dataset] = line.trim().split(' ');
    if (timestamp === undefined || value === undefined || runId === undefined) return [];
    return [
      {
        key,
        value: numberOf(value),
        step: Number(step),
        timestamp: Number(timestamp),
        runId,
        datasetName: dataset.length > 1 ? dataset.slice(0, -1).join(' ') : undefined,
        datasetDigest: dataset.length > 1 ? dataset.at(-1) : undefined,
      },
    ];
  });
}

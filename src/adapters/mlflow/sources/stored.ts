import type { SourceRun } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { RunId } from '../../../kernel/ids.ts';
import { type Experiment, type KeyValue, runTag } from '../../../tracking/model.ts';
import { numberIn, recordOf, textIn } from './fields.ts';
import { lifecycleOf, runStatus, sourceType } from './enum-values.ts';

/** Fields that a row of MLflow's database and a file of its file store share. */
export function storedRun(
  stored: JsonObject,
  { id, experimentId, name, tags }: StoredRun,
): Pick<SourceRun, 'info' | 'sourceType' | 'sourceName' | 'deletedAt' | 'tags'> {
  const tagged = recordOf(tags);
  return {
    info: {
      id: id as RunId,
      experimentId,
      name: tagged[runTag.name] ?? name,
      user: textIn(stored, 'user_id'),
      status: runStatus(textIn(stored, 'status')),
      startedAt: numberIn(stored, 'start_time') ?? numberIn(stored, 'end_time') ?? 0,
      endedAt: numberIn(stored, 'end_time'),
      artifactUri: textIn(stored, 'artifact_uri'),
      lifecycle: lifecycleOf(textIn(stored, 'lifecycle_stage')),
    },
    sourceType: sourceType(tagged['mlflow.source.type'] ?? textIn(stored, 'source_type')),
    sourceName: tagged['mlflow.source.name'] ?? textIn(stored, 'source_name'),
    deletedAt: numberIn(stored, 'deleted_time'),
    tags,
  };
}

interface StoredRun {
  readonly id: string;
  readonly experimentId: string;
  /** Used where no tag names the run. */
  readonly name: string;
  readonly tags: readonly KeyValue[];
}

/** Does the same for an experiment. */
export function storedExperiment(
  stored: JsonObject,
  { id, tags }: Pick<Experiment, 'id' | 'tags'>,
): Experiment {
  const createdAt = numberIn(stored, 'creation_time') ?? 0;
  return {
    id,
    name: textIn(stored, 'name'),
    artifactLocation: textIn(stored, 'artifact_location'),
    lifecycle: lifecycleOf(textIn(stored, 'lifecycle_stage')),
    createdAt,
    updatedAt: numberIn(stored, 'last_update_time') ?? createdAt,
    tags,
  };
}

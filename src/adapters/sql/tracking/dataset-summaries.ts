import { sql as raw, type Compilable, type Kysely, type RawBuilder } from 'kysely';
import { contextTag, type DatasetSummary } from '../../../tracking/model.ts';
import type { Tables } from '../tables.ts';

export interface SummaryRow {
  readonly experiment_id: number;
  readonly name: string;
  readonly digest: string;
  readonly context: string | null;
}

/** What MLflow takes for the digest of a dataset of ours. */
export const shortDigest: RawBuilder<string> = raw`substr(run_datasets.digest, 1, 36)`;

/** The datasets that active runs read, those that clients logged and those of our pipeline. */
export function datasetSummaries(
  sql: Kysely<Tables>,
  experimentIds: readonly number[],
  limit: number,
): Compilable<SummaryRow> {
  const clients = sql
    .selectFrom('runs')
    .innerJoin('run_inputs', 'run_inputs.run_id', 'runs.id')
    .innerJoin('datasets', 'datasets.id', 'run_inputs.dataset_id')
    .leftJoin('run_input_tags', (tag) =>
      tag
        .onRef('run_input_tags.run_id', '=', 'run_inputs.run_id')
        .onRef('run_input_tags.dataset_id', '=', 'run_inputs.dataset_id')
        .on('run_input_tags.key', '=', contextTag),
    )
    .where('runs.experiment_id', 'in', experimentIds)
    .where('runs.lifecycle_stage', '=', 'active')
    .select([
      'runs.experiment_id as experiment_id',
      'datasets.name as name',
      'datasets.digest as digest',
      'run_input_tags.value as context',
    ]);
  const ours = sql
    .selectFrom('runs')
    .innerJoin('run_datasets', 'run_datasets.run_id', 'runs.id')
    .where('runs.experiment_id', 'in', experimentIds)
    .where('runs.lifecycle_stage', '=', 'active')
    .where('run_datasets.direction', '=', 'input')
    .select([
      'runs.experiment_id as experiment_id',
      'run_datasets.name as name',
      shortDigest.as('digest'),
      'run_datasets.task as context',
    ]);
  return clients
    .union(ours)
    .orderBy('experiment_id')
    .orderBy('name')
    .orderBy('digest')
    .orderBy('context')
    .limit(limit);
}

export function summaryOf({ experiment_id, name, digest, context }: SummaryRow): DatasetSummary {
  return { experimentId: String(experiment_id), name, digest, context: context ?? undefined };
}

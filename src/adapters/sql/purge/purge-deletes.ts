import type { Compilable, Kysely } from 'kysely';
import type { LoggedModelFact, RunFact } from '../../../tracking/purge-rule.ts';
import { orNone } from './purge-selection.ts';
import type { Tables } from '../tables.ts';

/** Tables with the parts of a run. Rows that reference other rows are deleted first. */
const partsOfRuns = [
  'run_input_tags',
  'run_inputs',
  'run_models',
  'model_metrics',
  'run_tasks',
  'run_datasets',
  'latest_metrics',
  'metrics',
  'params',
  'run_tags',
] as const;

const partsOfModels = ['logged_model_params', 'logged_model_tags', 'model_metrics', 'run_models'] as const;

/** The datasets that runs read. Query them before the runs are deleted. */
export function datasetsOf(
  sql: Kysely<Tables>,
  runs: readonly string[],
): Compilable<{ readonly dataset_id: number }> {
  return sql.selectFrom('run_inputs').select('dataset_id').distinct().where('run_id', 'in', orNone(runs, ''));
}

export interface Deleted {
  readonly runs: readonly RunFact[];
  readonly loggedModels: readonly LoggedModelFact[];
  /** Datasets that the runs read. Those without another reader are deleted too. */
  readonly datasets: readonly number[];
  readonly now: number;
}

/** Child runs of a deleted run lose their parent; their tag still names it. */
export function runDeletes(
  sql: Kysely<Tables>,
  { runs, loggedModels, datasets, now }: Deleted,
): readonly Compilable[] {
  const ids = runs.map(({ id }) => id);
  const models = loggedModels.map(({ id }) => id);
  const streams = [
    ...ids.flatMap((id) => [`run:${id}`, `files:${id}`]),
    ...models.flatMap((id) => [`model:${id}`, `files:${id}`]),
  ];
  const folders = [
    ...runs.map(({ location }) => ({ location, held: 'run', purged_at: now }) as const),
    ...loggedModels.map(({ location }) => ({ location, held: 'logged model', purged_at: now }) as const),
  ];
  return [
    ...(ids.length
      ? [
          ...partsOfRuns.map((table) => sql.deleteFrom(table).where('run_id', 'in', ids)),
          sql.updateTable('runs').set({ parent_id: null }).where('parent_id', 'in', ids),
          sql.deleteFrom('runs').where('id', 'in', ids),
        ]
      : []),
    ...(models.length
      ? [
          ...partsOfModels.map((table) => sql.deleteFrom(table).where('model_id', 'in', models)),
          sql.deleteFrom('logged_models').where('id', 'in', models),
        ]
      : []),
    ...(datasets.length ? [unreadDatasets(sql, datasets)] : []),
    ...noteDeletes(sql, streams, [...ids, ...models]),
    ...(folders.length ? [noteFolders(sql, folders)] : []),
  ];
}

/** Deletes an empty experiment. Its folder is recorded for removal only if it has the default name: other folders may be shared. */
export function experimentDeletes(
  sql: Kysely<Tables>,
  { id, location, now }: { readonly id: number; readonly location: string; readonly now: number },
): readonly Compilable[] {
  const isOwn = location === `mlflow-artifacts:/${id}`;
  return [
    sql.deleteFrom('datasets').where('experiment_id', '=', id),
    sql.deleteFrom('experiment_tags').where('experiment_id', '=', id),
    sql.deleteFrom('experiments').where('id', '=', id),
    ...noteDeletes(sql, [`experiment:${id}`], [String(id)]),
    ...(isOwn ? [noteFolders(sql, [{ location, held: 'experiment', purged_at: now }])] : []),
  ];
}

export function unreadDatasets(sql: Kysely<Tables>, ids: readonly number[]): Compilable {
  const readers = sql.selectFrom('run_inputs').select('dataset_id').where('dataset_id', 'in', ids);
  return sql.deleteFrom('datasets').where('id', 'in', ids).where('id', 'not in', readers);
}

/** Drops queued mirror changes, so the mirror keeps its copy, and import notes, so that an import creates it again. */
function noteDeletes(
  sql: Kysely<Tables>,
  streams: readonly string[],
  ids: readonly string[],
): readonly Compilable[] {
  if (!streams.length) return [];
  return [
    sql.deleteFrom('mirror_queue').where('stream', 'in', streams),
    sql.deleteFrom('mirror_remote_ids').where('local_id', 'in', ids).where('version', '=', 0),
    sql
      .deleteFrom('imported')
      .where('local_id', 'in', ids)
      .where('kind', 'in', ['run', 'logged model', 'experiment']),
  ];
}

function noteFolders(sql: Kysely<Tables>, folders: readonly Tables['purged_folders'][]): Compilable {
  return sql
    .insertInto('purged_folders')
    .values(folders)
    .onConflict((same) => same.doNothing());
}

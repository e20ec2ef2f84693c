import type { ChangeKind } from '../../../exchange/mirror/change.ts';

/** SQL expressions for the columns of a queued change. */
interface ChangeColumns {
  readonly key?: string;
  readonly note?: string;
  readonly value?: string;
  readonly number?: string;
  readonly is_nan?: string;
  readonly step?: string;
  readonly at?: string;
}

/** A write to a table that the mirror repeats. Expressions use `new` and `old`, in SQL that SQLite and PostgreSQL share. */
export interface Watch extends ChangeColumns {
  readonly table: string;
  readonly on: 'insert' | 'update' | 'delete';
  readonly stream: string;
  readonly kind: ChangeKind;
  readonly when?: string;
}

function changes(column: string): string {
  return `new.${column} is distinct from old.${column}`;
}

/** Watches a tag that is set, changed or deleted. */
function tagWatches(
  table: string,
  { stream, ...columns }: { readonly stream: string } & ChangeColumns,
  kinds: { readonly set: ChangeKind; readonly gone: ChangeKind } = { set: 'tag', gone: 'tag-gone' },
): readonly Watch[] {
  const set = { table, stream, kind: kinds.set, ...columns, value: 'new.value' } as const;
  const gone = { table, stream: stream.replace('new.', 'old.'), kind: kinds.gone } as const;
  const without = Object.entries(columns).map(([name, text]) => [name, text.replace('new.', 'old.')]);
  return [
    { ...set, on: 'insert' },
    { ...set, on: 'update', when: changes('value') },
    { ...gone, on: 'delete', ...(Object.fromEntries(without) as ChangeColumns) },
  ];
}

/** Watches a column and queues its new value. */
function columnWatch(watch: Pick<Watch, 'table' | 'stream' | 'kind'> & ChangeColumns, column: string): Watch {
  return { ...watch, on: 'update', when: changes(column), value: `new.${column}` };
}

const experiment = `'experiment:' || new.id`;
const run = `'run:' || new.run_id`;
const ownRun = `'run:' || new.id`;
const model = `'model:' || new.id`;
const point = {
  key: 'new.key',
  number: 'new.value',
  is_nan: 'new.is_nan',
  step: 'new.step',
  at: 'new.timestamp',
} as const;
const end = { value: 'new.status', at: 'new.ended_at' } as const;

const tracking: readonly Watch[] = [
  { table: 'experiments', on: 'insert', stream: experiment, kind: 'created' },
  columnWatch({ table: 'experiments', stream: experiment, kind: 'name' }, 'name'),
  columnWatch({ table: 'experiments', stream: experiment, kind: 'lifecycle' }, 'lifecycle_stage'),
  ...tagWatches('experiment_tags', { stream: `'experiment:' || new.experiment_id`, key: 'new.key' }),
  { table: 'runs', on: 'insert', stream: ownRun, kind: 'created' },
  { table: 'runs', on: 'insert', stream: ownRun, kind: 'status', when: `new.status <> 'RUNNING'`, ...end },
  {
    table: 'runs',
    on: 'update',
    stream: ownRun,
    kind: 'status',
    when: `${changes('status')} or ${changes('ended_at')}`,
    ...end,
  },
  columnWatch({ table: 'runs', stream: ownRun, kind: 'lifecycle' }, 'lifecycle_stage'),
  { table: 'params', on: 'insert', stream: run, kind: 'param', key: 'new.key', value: 'new.value' },
  ...tagWatches('run_tags', { stream: run, key: 'new.key' }),
  { table: 'metrics', on: 'insert', stream: run, kind: 'point', ...point },
  {
    table: 'model_metrics',
    on: 'insert',
    stream: run,
    kind: 'model-point',
    ...point,
    note: 'new.model_id',
    value: `new.dataset_digest || ' ' || new.dataset_name`,
  },
  { table: 'run_inputs', on: 'insert', stream: run, kind: 'links' },
  { table: 'run_models', on: 'insert', stream: run, kind: 'links' },
  { table: 'run_models', on: 'update', stream: run, kind: 'links', when: changes('step') },
  { table: 'run_datasets', on: 'insert', stream: run, kind: 'links', when: `new.direction = 'input'` },
];

const loggedModels: readonly Watch[] = [
  { table: 'logged_models', on: 'insert', stream: model, kind: 'created' },
  columnWatch({ table: 'logged_models', stream: model, kind: 'status' }, 'status'),
  columnWatch({ table: 'logged_models', stream: model, kind: 'lifecycle' }, 'lifecycle_stage'),
  {
    table: 'logged_model_params',
    on: 'insert',
    stream: `'model:' || new.model_id`,
    kind: 'param',
    key: 'new.key',
    value: 'new.value',
  },
  ...tagWatches('logged_model_tags', { stream: `'model:' || new.model_id`, key: 'new.key' }),
];

const registry = `'registry:'`;
const version = { key: 'new.model', step: 'new.version' } as const;

/** All models share a stream because a name can pass from one model to another. */
const registered: readonly Watch[] = [
  {
    table: 'registered_models',
    on: 'insert',
    stream: registry,
    kind: 'model',
    key: 'new.name',
    value: 'new.description',
  },
  {
    table: 'registered_models',
    on: 'update',
    stream: registry,
    kind: 'model-renamed',
    key: 'old.name',
    when: changes('name'),
    value: 'new.name',
  },
  columnWatch(
    { table: 'registered_models', stream: registry, kind: 'model-text', key: 'new.name' },
    'description',
  ),
  { table: 'registered_models', on: 'delete', stream: registry, kind: 'model-gone', key: 'old.name' },
  ...tagWatches(
    'registered_model_tags',
    { stream: registry, key: 'new.model', note: 'new.key' },
    { set: 'model-tag', gone: 'model-tag-gone' },
  ),
  { table: 'model_versions', on: 'insert', stream: registry, kind: 'version', ...version },
  {
    table: 'model_versions',
    on: 'insert',
    stream: `'files:' || new.run_id`,
    kind: 'folder',
    when: 'new.folder is not null and new.run_id is not null',
    key: `'modelyard/' || new.folder`,
    note: 'new.run_id',
    value: `'modelyard/' || new.folder`,
  },
  columnWatch({ table: 'model_versions', stream: registry, kind: 'version-text', ...version }, 'description'),
  columnWatch({ table: 'model_versions', stream: registry, kind: 'version-stage', ...version }, 'stage'),
  {
    table: 'model_versions',
    on: 'delete',
    stream: registry,
    kind: 'version-gone',
    key: 'old.model',
    step: 'old.version',
  },
  ...tagWatches(
    'model_version_tags',
    { stream: registry, note: 'new.key', ...version },
    { set: 'version-tag', gone: 'version-tag-gone' },
  ),
  {
    table: 'model_aliases',
    on: 'insert',
    stream: registry,
    kind: 'alias',
    note: 'new.alias',
    ...version,
  },
  {
    table: 'model_aliases',
    on: 'update',
    stream: registry,
    kind: 'alias',
    when: changes('version'),
    note: 'new.alias',
    ...version,
  },
  {
    table: 'model_aliases',
    on: 'delete',
    stream: registry,
    kind: 'alias-gone',
    key: 'old.model',
    note: 'old.alias',
  },
];

export const watches: readonly Watch[] = [...tracking, ...loggedModels, ...registered];

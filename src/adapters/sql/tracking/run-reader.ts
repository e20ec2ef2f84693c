import { type Compilable, type Kysely, type RawBuilder, sql as raw, type Selectable } from 'kysely';
import type { Digest } from '../../../kernel/digest.ts';
import type { RunId } from '../../../kernel/ids.ts';
import {
  type RunStatus,
  contextTag,
  type DatasetInput,
  type KeyValue,
  type RunInfo,
  type Run,
} from '../../../tracking/model.ts';
import { pageBytes } from '../../../tracking/run-limits.ts';
import type { RunValues } from '../../../tracking/run-store.ts';
import type { Database } from '../database.ts';
import type { Match } from '../search-match.ts';
import { shortDigest } from './dataset-summaries.ts';
import { groupRows } from '../group-rows.ts';
import { metricColumns, metricPoint, textColumns, type MetricRow, type TextRow } from './run-rows.ts';
import type { Tables } from '../tables.ts';

type InfoRow = Pick<
  Selectable<Tables['runs']>,
  | 'id'
  | 'experiment_id'
  | 'name'
  | 'user_id'
  | 'status'
  | 'started_at'
  | 'ended_at'
  | 'artifact_uri'
  | 'lifecycle_stage'
  | 'parent_id'
  | 'plan'
>;

type InputRow = Selectable<Tables['datasets']> & { readonly run_id: string };
type InputTagRow = Tables['run_input_tags'];
type ModelRow = Tables['run_models'];

interface PipelineInputRow {
  readonly run_id: string;
  readonly name: string;
  readonly digest: string;
  readonly short_digest: string;
  readonly task: string;
}

/** Runs that are read together: their rows take more memory than the runs that are made of them. */
const chunk = 100;

/**
 * Reads runs in the order of the ids; unknown ids are left out. Stops before the run that exceeds `pageBytes`, but reads at
 * least one.
 * @param values what is read of them; everything where it is undefined
 */
export async function readRuns(
  database: Database,
  ids: readonly string[],
  values?: RunValues,
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  let room: number = pageBytes;
  for (let from = 0; from < ids.length; from += chunk) {
    const asked = ids.slice(from, from + chunk);
    const { fitting, left } = await fittingIds(database, asked, { room, isFirst: from === 0, values });
    if (fitting.length) runs.push(...(await readTogether(database, fitting, values)));
    if (fitting.length < asked.length) break;
    room = left;
  }
  return runs;
}

interface Room {
  readonly room: number;
  readonly isFirst: boolean;
  readonly values: RunValues | undefined;
}

/** The first ids whose runs fit into the room that is left. */
async function fittingIds(
  { sql, read }: Database,
  ids: readonly string[],
  { room, isFirst, values }: Room,
): Promise<{ readonly fitting: readonly string[]; readonly left: number }> {
  if (!ids.length) return { fitting: [], left: room };
  const [{ rows }] = await read([{ compile: () => sizesOfRuns(ids, values).compile(sql) }]);
  const sizes = new Map(rows.map(({ run_id, bytes }) => [run_id, Number(bytes)]));
  let left = room;
  const end = ids.findIndex((id, index) => {
    left -= sizes.get(id) ?? 0;
    return left < 0 && !(isFirst && index === 0);
  });
  return { fitting: end < 0 ? ids : ids.slice(0, end), left };
}

/** The bytes that runs hold, without reading them. */
function sizesOfRuns(
  ids: readonly string[],
  values: RunValues | undefined,
): RawBuilder<{ run_id: string; bytes: number }> {
  const among = raw`run_id in (${raw.join(ids)})`;
  const inputs = raw`union all select run_id, octet_length(source) + coalesce(octet_length(schema), 0)
        + coalesce(octet_length(profile), 0)
        from run_inputs join datasets on datasets.id = run_inputs.dataset_id where ${among}`;
  return raw`select run_id, sum(size) as bytes from (
      select run_id, octet_length(key) + octet_length(value) as size from params where ${among} and ${isAmong(values?.params)}
      union all select run_id, octet_length(key) + octet_length(value) from run_tags where ${among} and ${isAmong(values?.tags)}
      union all select run_id, octet_length(key) + 32 from latest_metrics where ${among} and ${isAmong(values?.metrics)}
      union all select id, octet_length(name) + coalesce(octet_length(user_id), 0) from runs where id in (${raw.join(ids)})
      ${values ? raw`` : inputs}
    ) as held group by run_id`;
}

/** `in ()` is invalid SQL. */
function isAmong(keys: readonly string[] | undefined): Match {
  if (!keys) return raw`1 = 1`;
  return keys.length ? raw`key in (${raw.join(keys)})` : raw`1 = 0`;
}

/** No run has this id. */
const noIds = ['none'];

async function readTogether(
  { sql, read }: Database,
  ids: readonly string[],
  values: RunValues | undefined,
): Promise<readonly Run[]> {
  const linkedIds = values ? noIds : ids;
  const [runs, metrics, params, tags, inputs, inputTags, pipelineInputs, models] = await read([
    runInfos(sql, ids),
    sql
      .selectFrom('latest_metrics')
      .select(metricColumns)
      .where('run_id', 'in', ids)
      .where(isAmong(values?.metrics))
      .orderBy('run_id')
      .orderBy('key'),
    textsOf(sql, 'params', { ids, keys: values?.params }),
    textsOf(sql, 'run_tags', { ids, keys: values?.tags }),
    inputRows(sql, linkedIds),
    sql.selectFrom('run_input_tags').selectAll().where('run_id', 'in', linkedIds).orderBy('position'),
    pipelineInputRows(sql, linkedIds),
    sql.selectFrom('run_models').selectAll().where('run_id', 'in', linkedIds).orderBy('model_id'),
  ]);
  const parts: RunParts = {
    metrics: byRun(metrics.rows),
    params: byRun(params.rows),
    tags: byRun(tags.rows),
    inputs: byRun(inputs.rows),
    inputTags: byRun(inputTags.rows),
    pipelineInputs: byRun(pipelineInputs.rows),
    models: byRun(models.rows),
  };
  const rows = new Map(runs.rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row ? [runOf(row, parts)] : [];
  });
}

function textsOf(
  sql: Kysely<Tables>,
  table: 'params' | 'run_tags',
  { ids, keys }: { readonly ids: readonly string[]; readonly keys: readonly string[] | undefined },
): Compilable<TextRow> {
  return sql
    .selectFrom(table)
    .select(textColumns)
    .where('run_id', 'in', ids)
    .where(isAmong(keys))
    .orderBy('run_id')
    .orderBy('key');
}

export function runInfos(sql: Kysely<Tables>, ids: readonly string[]): Compilable<InfoRow> {
  return sql
    .selectFrom('runs')
    .select([
      'id',
      'experiment_id',
      'name',
      'user_id',
      'status',
      'started_at',
      'ended_at',
      'artifact_uri',
      'lifecycle_stage',
      'parent_id',
      'plan',
    ])
    .where('id', 'in', ids);
}

export function runInfo(row: InfoRow): RunInfo {
  return {
    id: row.id as RunId,
    experimentId: String(row.experiment_id),
    name: row.name,
    user: row.user_id,
    status: row.status as RunStatus,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    artifactUri: row.artifact_uri,
    lifecycle: row.lifecycle_stage,
    parentId: (row.parent_id ?? undefined) as RunId | undefined,
    plan: (row.plan ?? undefined) as Digest | undefined,
  };
}

type ByRun<Row> = ReadonlyMap<string, readonly Row[]>;

interface RunParts {
  readonly metrics: ByRun<MetricRow>;
  readonly params: ByRun<TextRow>;
  readonly tags: ByRun<TextRow>;
  readonly inputs: ByRun<InputRow>;
  readonly inputTags: ByRun<InputTagRow>;
  readonly pipelineInputs: ByRun<PipelineInputRow>;
  readonly models: ByRun<ModelRow>;
}

function byRun<Row extends { readonly run_id: string }>(rows: readonly Row[]): ByRun<Row> {
  return groupRows(rows, ({ run_id }) => run_id);
}

function runOf(row: InfoRow, parts: RunParts): Run {
  const models = parts.models.get(row.id) ?? [];
  const inputTags = parts.inputTags.get(row.id) ?? [];
  const clients = (parts.inputs.get(row.id) ?? []).map((input) => datasetInput(input, inputTags));
  return {
    info: runInfo(row),
    metrics: (parts.metrics.get(row.id) ?? []).map(metricPoint),
    params: (parts.params.get(row.id) ?? []).map(keyValue),
    tags: (parts.tags.get(row.id) ?? []).map(keyValue),
    datasets: [...clients, ...(parts.pipelineInputs.get(row.id) ?? []).map(pipelineInput)],
    modelInputs: models.flatMap(({ direction, model_id }) => (direction === 'input' ? [model_id] : [])),
    modelOutputs: models.flatMap(({ direction, model_id, step }) =>
      direction === 'output' ? [{ modelId: model_id, step }] : [],
    ),
  };
}

function inputRows(sql: Kysely<Tables>, ids: readonly string[]): Compilable<InputRow> {
  return sql
    .selectFrom('run_inputs')
    .innerJoin('datasets', 'datasets.id', 'run_inputs.dataset_id')
    .selectAll('datasets')
    .select('run_inputs.run_id')
    .where('run_inputs.run_id', 'in', ids)
    .orderBy('datasets.id');
}

function pipelineInputRows(sql: Kysely<Tables>, ids: readonly string[]): Compilable<PipelineInputRow> {
  return sql
    .selectFrom('run_datasets')
    .select(['run_id', 'name', 'digest', shortDigest.as('short_digest'), 'task'])
    .where('run_id', 'in', ids)
    .where('direction', '=', 'input')
    .orderBy('name');
}

function datasetInput(row: InputRow, tags: readonly InputTagRow[]): DatasetInput {
  const { name, digest, schema, profile } = row;
  return {
    dataset: {
      name,
      digest,
      sourceType: row.source_type,
      source: row.source,
      ...(schema !== null && { schema }),
      ...(profile !== null && { profile }),
    },
    tags: tags.filter(({ dataset_id }) => dataset_id === row.id).map(keyValue),
  };
}

/** A dataset that a step of our pipeline read: the step's name is its context. */
function pipelineInput({ name, digest, short_digest, task }: PipelineInputRow): DatasetInput {
  return {
    dataset: {
      name,
      digest: short_digest,
      sourceType: 'modelyard',
      source: JSON.stringify({ digest }),
    },
    tags: [{ key: contextTag, value: task }],
  };
}

function keyValue({ key, value }: KeyValue): KeyValue {
  return { key, value };
}

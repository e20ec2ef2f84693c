import { sql as raw, type Compilable, type Kysely, type RawBuilder } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { RunMove, RunMoves } from '../../../tracking/run-moves.ts';
import type { Database, Transaction } from '../database.ts';
import { integerId } from './experiment-search.ts';
import { noExperiment } from './experiment-store.ts';
import { unreadDatasets } from '../purge/purge-deletes.ts';
import { noRun, notActive, pipelineSource } from './run-facts.ts';
import type { Tables } from '../tables.ts';

/** More in one statement is more than a database takes. */
const mostRuns = 20_000;

/** Moves runs between the experiments of a SQL database. */
export function sqlRunMoves({ sql, transaction }: Database): RunMoves {
  return { move: (move) => transaction((open) => moveRuns(sql, open, move)) };
}

async function moveRuns(sql: Kysely<Tables>, open: Transaction, move: RunMove): Promise<readonly string[]> {
  if (!move.runs.length) return [];
  const target = await activeExperiment(sql, open, move.experimentId);
  const [{ rows }] = await open.run([compilable(sql, withNested(move.runs))]);
  const named = new Set(move.runs);
  const moving = rows.filter(({ id }) => move.nested || named.has(id));
  refuse(move, { target, all: rows, moving });
  const ids = moving.filter(({ experiment_id }) => experiment_id !== target).map(({ id }) => id);
  if (ids.length)
    await open.run([...moves(sql, ids, target), ...(await datasetMoves(sql, open, { ids, target }))]);
  return ids;
}

async function activeExperiment(sql: Kysely<Tables>, { run }: Transaction, id: string): Promise<number> {
  const experiments = sql.selectFrom('experiments').select(['id', 'lifecycle_stage']);
  const [{ rows }] = await run([experiments.where('id', '=', integerId(id))]);
  const [row] = rows;
  if (!row) throw noExperiment(id);
  if (row.lifecycle_stage !== 'active') throw notActive('experiment', id);
  return row.id;
}

interface MovingRun {
  readonly id: string;
  readonly experiment_id: number;
  readonly parent_id: string | null;
  readonly parent_experiment: number | null;
  readonly lifecycle_stage: string;
  readonly source_type: string;
  readonly status: string;
}

/** The runs and all that is nested in them, each once, whatever circles their parents make. */
function withNested(runs: readonly string[]): RawBuilder<MovingRun> {
  return raw<MovingRun>`with recursive tree (id) as (
      select id from runs where id in (${raw.join(runs)})
      union select runs.id from runs join tree on runs.parent_id = tree.id
    )
    select runs.id, runs.experiment_id, runs.parent_id, parent.experiment_id as parent_experiment,
      runs.lifecycle_stage, runs.source_type, runs.status
    from tree join runs on runs.id = tree.id left join runs as parent on parent.id = runs.parent_id`;
}

interface Moving {
  readonly target: number;
  /** The runs that are named and what is nested in them. */
  readonly all: readonly MovingRun[];
  readonly moving: readonly MovingRun[];
}

function refuse({ runs }: RunMove, { target, all, moving }: Moving): void {
  const byId = new Map(all.map((row) => [row.id, row]));
  for (const id of runs) {
    const row = byId.get(id);
    if (!row) throw noRun(id);
    if (row.lifecycle_stage !== 'active') throw notActive('run', id);
  }
  if (moving.length > mostRuns)
    throw refusal('runs', moving.length, `Move ${mostRuns} at most at one time, nested ones counted.`);
  const arriving = new Set(moving.map(({ id }) => id));
  for (const row of all.filter(({ source_type }) => source_type === pipelineSource)) {
    const { id, parent_id, parent_experiment } = row;
    const parentArrives = parent_id !== null && arriving.has(parent_id);
    if (arriving.has(id) && row.status === 'RUNNING') throw stillRunning(id);
    if (parentArrives && !arriving.has(id) && row.experiment_id !== target)
      throw refusal('run', parent_id, `Run ${id} is a part of it: move it with what is nested in it.`);
    if (arriving.has(id) && parent_id !== null && !parentArrives && parent_experiment !== target)
      throw refusal('run', id, `It is a part of run ${parent_id}: move that, with what is nested in it.`);
  }
}

function stillRunning(id: string): PlatformError {
  return new PlatformError('RUN_IN_PROGRESS', {
    field: 'run',
    value: id,
    remedy: 'It writes to its experiment still: move it when it has ended.',
  });
}

function refusal(field: string, value: string | number, remedy: string): PlatformError {
  return new PlatformError('INPUT_INVALID', { field, value, remedy });
}

function moves(sql: Kysely<Tables>, ids: readonly string[], target: number): readonly Compilable[] {
  return [
    sql.updateTable('runs').set({ experiment_id: target }).where('id', 'in', ids),
    sql.updateTable('logged_models').set({ experiment_id: target }).where('source_run_id', 'in', ids),
  ];
}

/** A dataset is of one experiment: what the runs read is noted in theirs, and forgotten where nothing else read it. */
async function datasetMoves(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { ids, target }: { readonly ids: readonly string[]; readonly target: number },
): Promise<readonly Compilable[]> {
  const inputs = sql
    .selectFrom('run_inputs')
    .innerJoin('datasets as old', 'old.id', 'run_inputs.dataset_id')
    .where('run_inputs.run_id', 'in', ids)
    .where('old.experiment_id', '<>', target);
  const [{ rows }] = await run([inputs.select('old.id').distinct()]);
  const old = rows.map(({ id }) => id);
  if (!old.length) return [];
  const copies = sql
    .selectFrom('datasets')
    .where('id', 'in', old)
    .select((row) => [
      row.cast<number>(row.val(target), 'bigint').as('experiment_id'),
      'name',
      'digest',
      'source_type',
      'source',
      'schema',
      'profile',
    ]);
  const renewed = inputs.innerJoin('datasets as new', (on) =>
    on
      .on('new.experiment_id', '=', target)
      .onRef('new.name', '=', 'old.name')
      .onRef('new.digest', '=', 'old.digest'),
  );
  const tags = renewed.innerJoin('run_input_tags as tags', (on) =>
    on.onRef('tags.run_id', '=', 'run_inputs.run_id').onRef('tags.dataset_id', '=', 'run_inputs.dataset_id'),
  );
  return [
    sql
      .insertInto('datasets')
      .columns(['experiment_id', 'name', 'digest', 'source_type', 'source', 'schema', 'profile'])
      .expression(copies)
      .onConflict((same) => same.doNothing()),
    sql
      .insertInto('run_inputs')
      .columns(['run_id', 'dataset_id'])
      .expression(renewed.select(['run_inputs.run_id', 'new.id']))
      .onConflict((same) => same.doNothing()),
    sql
      .insertInto('run_input_tags')
      .columns(['run_id', 'dataset_id', 'key', 'value', 'position'])
      .expression(tags.select(['tags.run_id', 'new.id', 'tags.key', 'tags.value', 'tags.position']))
      .onConflict((same) => same.doNothing()),
    ...(['run_input_tags', 'run_inputs'] as const).map((table) =>
      sql.deleteFrom(table).where('run_id', 'in', ids).where('dataset_id', 'in', old),
    ),
    unreadDatasets(sql, old),
  ];
}

function compilable<Row>(sql: Kysely<Tables>, query: RawBuilder<Row>): Compilable<Row> {
  return { compile: () => query.compile(sql) };
}

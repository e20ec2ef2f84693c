import type { Insertable, Kysely } from 'kysely';
import { runTag, type ClientRun, type KeyValue, type RunRecord } from '../../../tracking/record.ts';
import type { Condition, Database, Transaction } from '../database.ts';
import { rowInsert } from '../row-insert.ts';
import type { Tables } from '../tables.ts';
import { integerId } from './experiment-search.ts';
import { noExperiment } from './experiment-store.ts';
import type { LogWriter } from './log-batch.ts';
import { refuseNewEntries } from './run-entry-checks.ts';
import { artifactUri, notActive, wrongRun } from './run-facts.ts';

/** Experiments whose place is remembered. */
const mostPlaces = 1000;

/**
 * Starts runs. Where an experiment's artifacts lie is remembered, so that a run is looked into and written in one trip to
 * the database; where that does not hold any more, it is read again.
 */
export function runCreator(database: Database, log: LogWriter): (run: ClientRun) => Promise<RunRecord> {
  const { sql } = database;
  const places = new Map<string, string>();
  const conditionsOf = startConditions(sql);
  const insert = rowInsert<Insertable<Tables['runs']>>((rows) => sql.insertInto('runs').values(rows));
  const writes = (run: ClientRun, location: string) => [
    ...insert([rowOf(run, location)]),
    ...log.writes(run.id, { tags: tagsOf(run) }),
  ];
  return async (run) => {
    const { experimentId } = run;
    refuseNewEntries(run.id, { tags: tagsOf(run) });
    const known = places.get(experimentId);
    if (known !== undefined && (await database.writeIf(conditionsOf(run, known), writes(run, known))))
      return recordOf(run, known);
    const location = await database.transaction(async (open) => {
      const found = await readLocation(sql, open, run);
      await open.run(writes(run, found));
      return found;
    });
    if (places.size >= mostPlaces) places.clear();
    places.set(experimentId, location);
    return recordOf(run, location);
  };
}

/** That the experiment is active and its artifacts lie there, and that no run has the id. */
function startConditions(sql: Kysely<Tables>): (run: ClientRun, location: string) => readonly Condition[] {
  const home = sql
    .selectFrom('experiments')
    .select('id')
    .where('id', '=', 0)
    .where('lifecycle_stage', '=', 'active')
    .where('artifact_location', '=', '')
    .compile();
  const same = sql.selectFrom('runs').select('id').where('id', '=', '').compile();
  return ({ id, experimentId }, location) => [
    {
      query: { compile: () => ({ ...home, parameters: [integerId(experimentId), 'active', location] }) },
      finds: 'rows',
    },
    { query: { compile: () => ({ ...same, parameters: [id] }) }, finds: 'nothing' },
  ];
}

/** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE; INPUT_INVALID for an id in use */
async function readLocation(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { id, experimentId }: ClientRun,
): Promise<string> {
  const [experiments, same] = await run([
    sql
      .selectFrom('experiments')
      .select(['artifact_location', 'lifecycle_stage'])
      .where('id', '=', integerId(experimentId)),
    sql.selectFrom('runs').select('id').where('id', '=', id),
  ]);
  const [home] = experiments.rows;
  if (!home) throw noExperiment(experimentId);
  if (home.lifecycle_stage !== 'active') throw notActive('experiment', experimentId);
  if (same.rows.length) throw wrongRun(id, 'There is a run of this id: give a new one.');
  return home.artifact_location;
}

function rowOf(
  { id, experimentId, name, user, startedAt }: ClientRun,
  location: string,
): Insertable<Tables['runs']> {
  return {
    id,
    experiment_id: integerId(experimentId),
    parent_id: null,
    name,
    user_id: user,
    source_type: 'UNKNOWN',
    artifact_uri: artifactUri(location, id),
    status: 'RUNNING',
    started_at: startedAt,
    ended_at: null,
  };
}

function tagsOf({ tags, name }: ClientRun): readonly KeyValue[] {
  return [...tags, { key: runTag.name, value: name }];
}

/** The run as it would be read. */
function recordOf(run: ClientRun, location: string): RunRecord {
  const { id, experimentId, name, user, startedAt } = run;
  const tags = new Map(tagsOf(run).map(({ key, value }) => [key, { key, value }]));
  return {
    info: {
      id,
      experimentId: String(integerId(experimentId)),
      name,
      user,
      status: 'RUNNING',
      startedAt,
      endedAt: undefined,
      artifactUri: artifactUri(location, id),
      lifecycle: 'active',
    },
    metrics: [],
    params: [],
    tags: [...tags.values()].toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))),
    datasets: [],
    modelInputs: [],
    modelOutputs: [],
  };
}

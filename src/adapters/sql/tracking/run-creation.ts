import type { Compilable, Insertable, Kysely } from 'kysely';
import type { RunId } from '../../../kernel/ids.ts';
import { type KeyValue, type NewRun, type Run, runTag } from '../../../tracking/model.ts';
import { parentIn } from '../../../tracking/run-limits.ts';
import type { Condition, Database, Transaction } from '../database.ts';
import { rowInsert } from '../row-insert.ts';
import type { Tables } from '../tables.ts';
import { integerId } from './experiment-search.ts';
import { noExperiment } from './experiment-store.ts';
import { type LogWriter, possibleParent } from './log-batch.ts';
import { refuseNewEntries } from './run-entry-checks.ts';
import { artifactUri, noRun, notActive, pipelineSource, runExists, wrongRun } from './run-facts.ts';

/** Experiments whose artifact location is cached. */
const mostLocations = 1000;

interface CreationDeps {
  readonly database: Database;
  readonly log: LogWriter;
  /** The process that the pipeline runs belong to. */
  readonly owner: string | undefined;
}

/**
 * Creates runs. The artifact locations of experiments are cached, so that a run is checked and written in one trip to the
 * database; if the cached location is out of date, or the parent is unknown, a transaction reads them first.
 */
export function runCreator({ database, log, owner }: CreationDeps): (run: NewRun) => Promise<Run> {
  const { sql } = database;
  const locations = new Map<string, string>();
  const conditionsOf = creationConditions(sql);
  const insert = rowInsert<Insertable<Tables['runs']>>((rows) => sql.insertInto('runs').values(rows));
  const writes = (run: NewRun, location: string): readonly Compilable[] => [
    ...insert([rowOf(run, { location, owner })]),
    ...log.writes(run.id, { tags: tagsOf(run) }),
  ];
  return async (run) => {
    const { experimentId } = run;
    refuseNewEntries(run.id, { tags: tagsOf(run) });
    const cached = locations.get(experimentId);
    if (cached !== undefined && (await database.writeIf(conditionsOf(run, cached), writes(run, cached))))
      return runOf(run, { location: cached, parentId: parentOf(run) });
    const facts = await database.transaction(async (open) => {
      const found = await readFacts(sql, open, run);
      await open.run(writes(run, found.location));
      return found;
    });
    if (locations.size >= mostLocations) locations.clear();
    locations.set(experimentId, facts.location);
    return runOf(run, facts);
  };
}

/** The experiment is active and has this artifact location, no run has the id, and the parent can be the parent. */
function creationConditions(sql: Kysely<Tables>): (run: NewRun, location: string) => readonly Condition[] {
  const experiment = sql
    .selectFrom('experiments')
    .select('id')
    .where('id', '=', 0)
    .where('lifecycle_stage', '=', 'active')
    .where('artifact_location', '=', '')
    .compile();
  const same = sql.selectFrom('runs').select('id').where('id', '=', '').compile();
  return (run, location) => {
    const parentId = parentOf(run);
    return [
      {
        query: {
          compile: () => ({ ...experiment, parameters: [integerId(run.experimentId), 'active', location] }),
        },
        finds: 'rows',
      },
      { query: { compile: () => ({ ...same, parameters: [run.id] }) }, finds: 'nothing' },
      ...(parentId === undefined
        ? []
        : [{ query: possibleParent(sql, run.id, parentId), finds: 'rows' } as const]),
    ];
  };
}

interface CreationFacts {
  readonly location: string;
  /** Undefined for a parent that is not in this database. */
  readonly parentId: RunId | undefined;
}

/** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE; RUN_NOT_FOUND for `parentId`; INPUT_INVALID for an id in use */
async function readFacts(
  sql: Kysely<Tables>,
  { run: query }: Transaction,
  run: NewRun,
): Promise<CreationFacts> {
  const { id, experimentId } = run;
  const parentId = parentOf(run);
  const [experiments, same, parents] = await query([
    sql
      .selectFrom('experiments')
      .select(['artifact_location', 'lifecycle_stage'])
      .where('id', '=', integerId(experimentId)),
    runExists(sql, id),
    possibleParent(sql, id, parentId ?? ''),
  ]);
  const [experiment] = experiments.rows;
  if (!experiment) throw noExperiment(experimentId);
  if (experiment.lifecycle_stage !== 'active') throw notActive('experiment', experimentId);
  if (same.rows.length) throw wrongRun(id, 'A run with this id exists: choose another id.');
  if (run.parentId !== undefined && !parents.rows.length) throw noRun(run.parentId);
  return { location: experiment.artifact_location, parentId: parents.rows.length ? parentId : undefined };
}

function rowOf(
  { id, experimentId, name, user = '', startedAt, startedBy, plan }: NewRun,
  { location, owner }: { readonly location: string; readonly owner: string | undefined },
): Insertable<Tables['runs']> {
  const isPipeline = startedBy === 'pipeline';
  return {
    id,
    experiment_id: integerId(experimentId),
    parent_id: null,
    name,
    user_id: user,
    source_type: isPipeline ? pipelineSource : 'UNKNOWN',
    artifact_uri: artifactUri(location, id),
    status: 'RUNNING',
    started_at: startedAt,
    ended_at: null,
    plan: plan ?? null,
    owner: (isPipeline && owner) || null,
  };
}

function tagsOf({ tags = [], name, parentId }: NewRun): readonly KeyValue[] {
  return [
    ...tags,
    { key: runTag.name, value: name },
    ...(parentId === undefined ? [] : [{ key: runTag.parent, value: parentId }]),
  ];
}

function parentOf(run: NewRun): RunId | undefined {
  return parentIn({ tags: tagsOf(run) }) as RunId | undefined;
}

/** The run as it would be read. */
function runOf(run: NewRun, { location, parentId }: CreationFacts): Run {
  const { id, experimentId, name, user = '', startedAt, plan } = run;
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
      parentId,
      plan,
    },
    metrics: [],
    params: [],
    tags: [...tags.values()].toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))),
    datasets: [],
    modelInputs: [],
    modelOutputs: [],
  };
}

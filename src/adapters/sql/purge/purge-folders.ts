import { sql as raw, type Compilable, type Kysely } from 'kysely';
import type { PurgedFolder } from '../../../tracking/purge-store.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';

/** What has a folder of its own that a run's could be again: one that is brought in once more keeps its id. */
const owners = ['runs', 'logged_models'] as const;

/** What may lie in the folder of an experiment that is gone: of runs that were moved, and versions that need it. */
const places = [
  ['runs', 'artifact_uri'],
  ['logged_models', 'artifact_uri'],
  ['model_versions', 'source'],
  ['model_versions', 'storage_location'],
] as const;

/** Folders that are noted, with whether something has its artifacts there. */
export async function purgedFolders(
  { sql, read }: Database,
  limit: number,
): Promise<readonly PurgedFolder[]> {
  const [folders, experiments, ...users] = await read([
    sql.selectFrom('purged_folders').select('location').orderBy('location').limit(limit),
    sql.selectFrom('experiments').select('artifact_location as location'),
    ...owners.map((table) => atFolder(sql, table)),
    ...places.map(([table, column]) => inExperiment(sql, table, column)),
  ]);
  const used = new Set(users.flatMap(({ rows }) => rows.map(({ location }) => location)));
  const locations = experiments.rows.map(({ location }) => location);
  return folders.rows.map(({ location }) => ({
    location,
    inUse: used.has(location) || locations.some((used) => `${used}/`.startsWith(`${location}/`)),
  }));
}

interface Used {
  readonly location: string;
}

function atFolder(sql: Kysely<Tables>, table: (typeof owners)[number]): Compilable<Used> {
  return compilable(
    sql,
    raw<Used>`select folder.location from ${raw.table(table)} as owner
      join purged_folders as folder on folder.location = owner.artifact_uri`,
  );
}

/** '0' comes after '/': whatever begins with the location and a slash lies between both. */
function inExperiment(sql: Kysely<Tables>, table: string, column: string): Compilable<Used> {
  const place = raw.ref(`part.${column}`);
  return compilable(
    sql,
    raw<Used>`select folder.location from purged_folders as folder where folder.held = 'experiment' and exists (
      select 1 from ${raw.table(table)} as part
      where ${place} >= folder.location || '/' and ${place} < folder.location || '0')`,
  );
}

function compilable<Row>(sql: Kysely<Tables>, query: ReturnType<typeof raw<Row>>): Compilable<Row> {
  return { compile: () => query.compile(sql) };
}

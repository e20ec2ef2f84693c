import { sql as raw, type Compilable, type Kysely } from 'kysely';
import type { PurgedFolder } from '../../../tracking/purge-store.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';

/** Tables whose rows have a folder of their own. A row that is imported again keeps its id and so its folder. */
const owners = ['runs', 'logged_models'] as const;

/** Columns that may refer to the folder of a deleted experiment: of moved runs, and of versions. */
const references = [
  ['runs', 'artifact_uri'],
  ['logged_models', 'artifact_uri'],
  ['model_versions', 'source'],
  ['model_versions', 'storage_location'],
] as const;

/** Folders recorded for removal, and whether something still uses them. */
export async function purgedFolders(
  { sql, read }: Database,
  limit: number,
): Promise<readonly PurgedFolder[]> {
  const [folders, experiments, ...users] = await read([
    sql.selectFrom('purged_folders').select('location').orderBy('location').limit(limit),
    sql.selectFrom('experiments').select('artifact_location as location'),
    ...owners.map((table) => atFolder(sql, table)),
    ...references.map(([table, column]) => inExperiment(sql, table, column)),
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

/** '0' follows '/' in the alphabet, so everything below the location lies between the two. */
function inExperiment(sql: Kysely<Tables>, table: string, column: string): Compilable<Used> {
  const location = raw.ref(`part.${column}`);
  return compilable(
    sql,
    raw<Used>`select folder.location from purged_folders as folder where folder.held = 'experiment' and exists (
      select 1 from ${raw.table(table)} as part
      where ${location} >= folder.location || '/' and ${location} < folder.location || '0')`,
  );
}

function compilable<Row>(sql: Kysely<Tables>, query: ReturnType<typeof raw<Row>>): Compilable<Row> {
  return { compile: () => query.compile(sql) };
}

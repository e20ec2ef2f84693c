import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MlflowSource } from '../../../exchange/import/source.ts';
import type { Difference } from '../../../exchange/import/tally.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { formatCount } from '../../../kernel/units.ts';
import type { Experiment } from '../../../tracking/model.ts';
import { keyValuesIn, numberIn, textIn } from './fields.ts';
import { type LocalFolders, localFiles } from './local-files.ts';
import { openSqliteFile, type SqliteFile } from './sqlite-file.ts';
import { sqliteLoggedModels } from './sqlite-logged-models.ts';
import { sqliteModels, sqliteVersions } from './sqlite-registry.ts';
import { sqlitePoints, sqliteRuns } from './sqlite-runs.ts';
import { storedExperiment } from './stored.ts';

/** Tables that no import supports. */
const otherTables: readonly (readonly [table: string, what: string])[] = [
  ['trace_info', 'traces'],
  ['evaluation_datasets', 'evaluation datasets'],
  ['scorers', 'scorers'],
  ['webhooks', 'webhooks'],
  ['endpoints', 'gateway endpoints'],
  ['secrets', 'gateway secrets'],
  ['budget_policies', 'gateway budgets'],
  ['label_schemas', 'label schemas'],
  ['issues', 'issues'],
  ['mcp_servers', 'MCP servers'],
  ['users', 'users'],
];

/**
 * The SQLite file of an MLflow server, version 1.30 or newer. Artifacts are read from the folders that the file names, if
 * they are on this machine.
 * @param served the folder that the server names 'mlflow-artifacts:/'. @default 'mlartifacts' beside the file
 * @throws PlatformError SOURCE_UNREADABLE
 */
export async function openSqliteSource(path: string, served?: string): Promise<MlflowSource> {
  const file = await openSqliteFile(path);
  const real = await realpath(path);
  const folder = dirname(real);
  const folders: LocalFolders = { base: folder, served: served ?? join(folder, 'mlartifacts') };
  return {
    name: `sqlite:${real}`,
    experiments: () => experiments(file),
    runs: (experimentId) => sqliteRuns(file, experimentId),
    points: (run) => sqlitePoints(file, run),
    loggedModels: (experimentId) => sqliteLoggedModels(file, experimentId),
    models: () => sqliteModels(file),
    versions: (model) => sqliteVersions(file, model),
    files: (owner) => localFiles(owner, folders),
    unsupported: () => unsupported(file),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

/** The workspace that servers without workspaces have. */
function inWorkspace(file: SqliteFile, table: string): string {
  return file.hasColumn(table, 'workspace') ? `workspace = 'default'` : '1 = 1';
}

async function* experiments(file: SqliteFile): AsyncGenerator<Experiment> {
  const found = file.rows(
    `select * from experiments where ${inWorkspace(file, 'experiments')} order by experiment_id`,
  );
  for (const row of found) {
    const id = textIn(row, 'experiment_id');
    const tags = file.rows('select key, value from experiment_tags where experiment_id = ?', id);
    yield storedExperiment(row, { id, tags: keyValuesIn({ tags }, 'tags') });
  }
}

async function* unsupported(file: SqliteFile): AsyncGenerator<Difference> {
  for (const [table, what] of otherTables) {
    const count = file.hasTable(table) ? countOf(file, `select count(*) as count from ${table}`) : 0;
    if (count) yield { what, id: '', reason: `not supported by import (${formatCount(count)} found)` };
  }
  const others = file.hasColumn('experiments', 'workspace')
    ? countOf(file, `select count(*) as count from experiments where workspace <> 'default'`)
    : 0;
  if (others)
    yield {
      what: 'workspaces',
      id: '',
      reason: `only the default workspace is imported (${formatCount(others)} experiments in others)`,
    };
}

function countOf(file: SqliteFile, query: string): number {
  const [row] = file.rows(query);
  if (row) return numberIn(row, 'count') ?? 0;
  throw new PlatformError('INTERNAL', { field: 'count', value: query, remedy: 'The query returned no row.' });
}

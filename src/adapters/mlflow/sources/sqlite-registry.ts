import type { SourceModel, SourceVersion } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { keyValuesIn, numberIn, recordOf, someText, textIn } from './fields.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { deletedStage, loggedModelIn } from './enum-values.ts';

export async function* sqliteModels(file: SqliteFile): AsyncGenerator<SourceModel> {
  if (!file.hasTable('registered_models')) return;
  for (const row of file.rows(`select * from registered_models where ${inWorkspace(file)} order by name`)) {
    const name = textIn(row, 'name');
    const createdAt = numberIn(row, 'creation_time') ?? 0;
    yield {
      name,
      description: textIn(row, 'description'),
      tags: tagsOf(file, 'registered_model_tags', { name }),
      aliases: aliasesOf(file, name),
      createdAt,
      updatedAt: numberIn(row, 'last_updated_time') ?? createdAt,
    };
  }
}

export async function* sqliteVersions(file: SqliteFile, model: string): AsyncGenerator<SourceVersion> {
  const rows = file.rows(
    `select * from model_versions where ${inWorkspace(file)} and name = ? and current_stage <> '${deletedStage}' order by version`,
    model,
  );
  for (const row of rows) yield versionOf(file, row);
}

function versionOf(file: SqliteFile, row: JsonObject): SourceVersion {
  const name = textIn(row, 'name');
  const version = numberIn(row, 'version') ?? 0;
  const source = textIn(row, 'source');
  const createdAt = numberIn(row, 'creation_time') ?? 0;
  return {
    model: name,
    version,
    source,
    storage: someText(row, 'storage_location'),
    runId: someText(row, 'run_id'),
    runLink: textIn(row, 'run_link'),
    loggedModelId: loggedModelIn(source),
    description: textIn(row, 'description'),
    stage: textIn(row, 'current_stage') || 'None',
    tags: tagsOf(file, 'model_version_tags', { name, version }),
    createdAt,
    updatedAt: numberIn(row, 'last_updated_time') ?? createdAt,
    status: textIn(row, 'status') || 'READY',
    user: textIn(row, 'user_id'),
  };
}

function tagsOf(
  file: SqliteFile,
  table: 'registered_model_tags' | 'model_version_tags',
  { name, version }: { readonly name: string; readonly version?: number },
): Readonly<Record<string, string>> {
  const all = `select key, value from ${table} where ${inWorkspace(file)} and name = ?`;
  const tags =
    version === undefined ? file.rows(all, name) : file.rows(`${all} and version = ?`, name, version);
  return recordOf(keyValuesIn({ tags }, 'tags'));
}

function aliasesOf(file: SqliteFile, name: string): Readonly<Record<string, number>> {
  if (!file.hasTable('registered_model_aliases')) return {};
  const rows = file.rows(
    `select alias, version from registered_model_aliases where ${inWorkspace(file)} and name = ?`,
    name,
  );
  return Object.fromEntries(rows.map((row) => [textIn(row, 'alias'), numberIn(row, 'version') ?? 0]));
}

/** Either all tables of the registry have workspaces or none has. */
function inWorkspace(file: SqliteFile): string {
  return file.hasColumn('registered_models', 'workspace') ? `workspace = 'default'` : '1 = 1';
}

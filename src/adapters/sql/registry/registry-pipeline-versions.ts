import type { Kysely, Selectable, SelectQueryBuilder } from 'kysely';
import type { Digest } from '../../../kernel/digest.ts';
import type { RunId } from '../../../kernel/ids.ts';
import type { ModelVersion } from '../../../registry/model.ts';
import { folderUri, folderUriRoot } from '../../../tracking/artifacts/location.ts';
import { fromColumn } from '../json-column.ts';
import { folderOfRow } from './registry-rows.ts';
import type { Tables } from '../tables.ts';

type VersionRow = Pick<
  Selectable<Tables['model_versions']>,
  'model' | 'version' | 'run_id' | 'folder' | 'storage_location' | 'metrics' | 'created_at'
>;
type Found = SelectQueryBuilder<Tables, 'model_versions', VersionRow>;

/** The versions that the pipeline made, and copies of them. */
export function pipelineVersions(sql: Kysely<Tables>, model: string): Found {
  return sql
    .selectFrom('model_versions')
    .select(['model', 'version', 'run_id', 'folder', 'storage_location', 'metrics', 'created_at'])
    .where('model', '=', model)
    .where((row) =>
      row.or([row('folder', 'is not', null), row('storage_location', 'like', `${folderUriRoot}%`)]),
    );
}

/** Of several that have it the first: the others are copies. */
export function versionsWithFolder(sql: Kysely<Tables>, model: string, folder: Digest): Found {
  return pipelineVersions(sql, model)
    .where((row) => row.or([row('folder', '=', folder), row('storage_location', '=', folderUri(folder))]))
    .orderBy('version');
}

/** None for what is no whole model of ours: a part of a folder, or one that no run is known of. */
export function pipelineVersion(row: VersionRow): readonly ModelVersion[] {
  const folder = folderOfRow(row);
  if (folder === undefined || row.run_id === null) return [];
  return [
    {
      model: row.model,
      version: row.version,
      runId: row.run_id as RunId,
      folder,
      metrics: fromColumn<ModelVersion['metrics']>(row.metrics),
      createdAt: row.created_at,
    },
  ];
}

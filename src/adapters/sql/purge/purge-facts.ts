import type { VersionLocation } from '../../../tracking/purge-needs.ts';
import type { LoggedModelFact, PurgeFacts, RunFact } from '../../../tracking/purge-rule.ts';
import { folderOfRow } from '../registry/registry-rows.ts';

export interface ExperimentRow {
  readonly id: number;
  readonly name: string;
  readonly lifecycle_stage: string;
  readonly updated_at: number;
}

export interface RunRow {
  readonly id: string;
  readonly name: string;
  readonly experiment_id: number;
  readonly artifact_uri: string;
  readonly lifecycle_stage: string;
  readonly deleted_at: number | null;
}

export interface ModelRow {
  readonly id: string;
  readonly name: string;
  readonly experiment_id: number;
  readonly source_run_id: string;
  readonly artifact_uri: string;
  readonly lifecycle_stage: string;
  readonly updated_at: number;
}

export interface VersionRow {
  readonly model: string;
  readonly version: number;
  readonly source: string;
  readonly storage_location: string | null;
  readonly logged_model_id: string | null;
  readonly folder: string | null;
  readonly run_id: string | null;
  readonly parent_id: string | null;
}

export function experimentFact(row: ExperimentRow): PurgeFacts['experiments'][number] {
  const { id, name, lifecycle_stage, updated_at } = row;
  return { id: String(id), name, deletedAt: lifecycle_stage === 'deleted' ? updated_at : undefined };
}

export function runFact(row: RunRow): RunFact {
  return {
    id: row.id,
    name: row.name,
    experimentId: String(row.experiment_id),
    location: row.artifact_uri,
    deletedAt: row.lifecycle_stage === 'deleted' ? (row.deleted_at ?? 0) : undefined,
  };
}

export function modelFact(row: ModelRow): LoggedModelFact {
  return {
    id: row.id,
    name: row.name,
    experimentId: String(row.experiment_id),
    runId: row.source_run_id,
    location: row.artifact_uri,
    deletedAt: row.lifecycle_stage === 'deleted' ? row.updated_at : undefined,
  };
}

export function versionLocation(row: VersionRow): VersionLocation {
  const { model, version, source, storage_location, logged_model_id, run_id, parent_id } = row;
  return {
    model,
    version,
    locations: storage_location === null ? [source] : [source, storage_location],
    loggedModelId: logged_model_id ?? undefined,
    provenance: folderOfRow(row) === undefined ? [] : [run_id, parent_id].filter((id) => id !== null),
  };
}

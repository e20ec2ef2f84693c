import type { JsonObject } from '../kernel/json.ts';
import type { LoggedModelStatus, ModelPoint } from './logged-model.ts';
import type { DatasetInput, KeyValue, Lifecycle, LoggedPoint, ModelOutput, RunStatus } from './model.ts';

/** Kinds of entities that an import writes one by one. */
export const importedKinds = [
  'experiment',
  'run',
  'logged model',
  'registered model',
  'model version',
] as const;
export type ImportedKind = (typeof importedKinds)[number];

/** An entity of another tracking server. */
export interface ImportKey {
  /** The name of the server or files, the same at every import. */
  readonly source: string;
  readonly kind: ImportedKind;
  /** Its id at the source. */
  readonly id: string;
}

/** The progress of an entity. An entity whose state is not 'skipped' belongs to its source. */
export interface ImportNote extends ImportKey {
  /** Its id here; '' for a skipped entity. */
  readonly localId: string;
  /** The last import that wrote it, from 1. */
  readonly attempt: number;
  /** 'started' until all of it is here, then 'complete'. 'skipped' if the import left it out. */
  readonly state: 'started' | 'complete' | 'skipped';
  /** A digest of the source when it was last 'complete'; '' before that. */
  readonly digest: string;
  /** For the report. */
  readonly facts: JsonObject;
}

export interface ImportedExperiment {
  readonly id: string;
  readonly name: string;
  /** Absent: in our own store. */
  readonly artifactLocation: string | undefined;
  readonly lifecycle: Lifecycle;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: readonly KeyValue[];
}

/** The experiment here that gets the runs of one of the source. */
export interface PutExperiment {
  readonly id: string;
  readonly name: string;
  readonly lifecycle: Lifecycle;
  /** 'joined': it was here before the first import, with the same name or as the default. It keeps its name and state. */
  readonly how: 'created' | 'updated' | 'joined';
}

export interface ImportedRun {
  readonly id: string;
  /** The id here. */
  readonly experimentId: string;
  readonly name: string;
  readonly user: string;
  readonly sourceType: string;
  readonly sourceName: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly artifactUri: string;
  readonly lifecycle: Lifecycle;
  /** Absent for an active run and where the source has no time. */
  readonly deletedAt: number | undefined;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly datasets: readonly DatasetInput[];
  readonly modelInputs: readonly string[];
  readonly modelOutputs: readonly ModelOutput[];
  /** The first points; `addPoints` adds the others. */
  readonly points: readonly LoggedPoint[];
}

export interface ImportedLoggedModel {
  readonly id: string;
  /** The id here. */
  readonly experimentId: string;
  readonly name: string;
  readonly artifactUri: string;
  readonly status: LoggedModelStatus;
  readonly lifecycle: Lifecycle;
  readonly modelType: string;
  readonly sourceRunId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly metrics: readonly ModelPoint[];
}

export interface NoteQuery {
  readonly source: string;
  readonly attempt: number;
  readonly kind: ImportedKind;
  /** Only those with a greater id. @default '' */
  readonly after?: string;
  readonly limit: number;
}

/**
 * Writes entities of another tracking server with the ids, times and states of the source. Every method is one transaction,
 * on disk when it returns, and can be repeated without duplicates. The note of an entity is written with it. An entity is
 * updated to what it is at the source; what was added to it here stays.
 */
export interface ImportStore {
  /** Resumes the last import of the source if it did not finish and has the same scope; otherwise starts another. */
  begin(
    source: string,
    scope: string,
    now: number,
  ): Promise<{ readonly attempt: number; readonly isResumed: boolean; readonly startedAt: number }>;
  finish(source: string, attempt: number, now: number): Promise<void>;
  find(key: ImportKey): Promise<ImportNote | undefined>;
  /** Ordered by the ids at the source. */
  list(query: NoteQuery): Promise<readonly ImportNote[]>;
  note(note: ImportNote): Promise<void>;
  /** Keeps the id if it is free. The note gets the id here. */
  putExperiment(experiment: ImportedExperiment, note: Omit<ImportNote, 'ours'>): Promise<PutExperiment>;
  /** @returns false without writing if a run with this id exists and is not from this source */
  putRun(run: ImportedRun, note: ImportNote): Promise<boolean>;
  addPoints(runId: string, points: readonly LoggedPoint[]): Promise<void>;
  /** The parents that runs name in a tag and that exist, of all runs, by run id. */
  parents(query: {
    /** Only of runs with a greater id. */
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly { readonly runId: string; readonly parentId: string }[]>;
  /** Takes a run out of its parent and removes the tag that names it. */
  dropParent(runId: string): Promise<void>;
  /** Nests the runs of a source in the parents that their tags name, in whatever order they were imported. */
  nestRuns(source: string): Promise<void>;
  /**
   * @returns undefined without writing if a logged model with this id exists and is not from this source; otherwise the
   * runs of points that are not here: these points are skipped
   */
  putLoggedModel(
    model: ImportedLoggedModel,
    note: ImportNote,
  ): Promise<{ readonly missingRuns: readonly string[] } | undefined>;
}

import type { JsonObject } from '../kernel/json.ts';
import type { LoggedModelStatus, ModelPoint } from './logged-model.ts';
import type { DatasetInput, KeyValue, Lifecycle, LoggedPoint, ModelOutput } from './record.ts';
import type { RunStatus } from './model.ts';

/** Kinds of things that an import brings one by one. */
export const importedKinds = [
  'experiment',
  'run',
  'logged model',
  'registered model',
  'model version',
] as const;
export type ImportedKind = (typeof importedKinds)[number];

/** A thing of another tracking server. */
export interface ImportKey {
  /** Names the server or the files that it comes from, the same at every import. */
  readonly source: string;
  readonly kind: ImportedKind;
  /** Its id there. */
  readonly id: string;
}

/** What an import has noted of a thing. Things with a note other than 'left' belong to their source. */
export interface ImportNote extends ImportKey {
  /** Its id here; '' for a thing that was left. */
  readonly ours: string;
  /** The import that noted it last, from 1. */
  readonly attempt: number;
  /** Whether all of it is here, or a kill now would leave a part; 'left' for what is not brought. */
  readonly state: 'begun' | 'whole' | 'left';
  /** Of what it was when it was last whole; '' before that. */
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

/** Where the runs of an experiment of the source go. */
export interface ExperimentPlace {
  readonly id: string;
  readonly name: string;
  readonly lifecycle: Lifecycle;
  /** 'joined': one that was here before the first import, by its name or as the default. It keeps its name and state. */
  readonly how: 'made' | 'updated' | 'joined';
}

export interface ImportedRun {
  readonly id: string;
  /** Ours. */
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
  /** Absent for an active one, and where nobody knows. */
  readonly deletedAt: number | undefined;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly datasets: readonly DatasetInput[];
  readonly modelInputs: readonly string[];
  readonly modelOutputs: readonly ModelOutput[];
  /** The first of its points; the others follow by `addPoints`. */
  readonly points: readonly LoggedPoint[];
}

export interface ImportedLoggedModel {
  readonly id: string;
  /** Ours. */
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
 * What an import from another tracking server writes: with the ids, times and states that things have there. Every method
 * is one transaction, on disk when it returns, and can be repeated: nothing is there twice, and the note of a thing is
 * written with it. A thing of a source is changed to what it is there, and what was added to it here stays.
 */
export interface ImportStore {
  /** Goes on with the last import of the source where that did not finish and had the same scope, else begins another. */
  begin(
    source: string,
    scope: string,
    now: number,
  ): Promise<{ readonly attempt: number; readonly isResumed: boolean; readonly startedAt: number }>;
  finish(source: string, attempt: number, now: number): Promise<void>;
  find(key: ImportKey): Promise<ImportNote | undefined>;
  /** By their ids there. */
  list(query: NoteQuery): Promise<readonly ImportNote[]>;
  note(note: ImportNote): Promise<void>;
  /** Keeps the id where it is free; the note is written with the id that it has here. */
  putExperiment(experiment: ImportedExperiment, note: Omit<ImportNote, 'ours'>): Promise<ExperimentPlace>;
  /** @returns false, and nothing is written, where a run of the id is here that is not of this source */
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
   * @returns absent, and nothing is written, where a logged model of the id is here that is not of this source; else the
   * runs that points name and that are not here: these points are left out
   */
  putLoggedModel(
    model: ImportedLoggedModel,
    note: ImportNote,
  ): Promise<{ readonly missingRuns: readonly string[] } | undefined>;
}

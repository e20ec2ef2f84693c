import type { CatalogueVersion, Stage } from '../../registry/catalogue-model.ts';
import type { RunStatus } from '../../tracking/model.ts';
import type { DatasetInput, KeyValue, Lifecycle, LoggedPoint, ModelOutput } from '../../tracking/record.ts';
import type { LoggedModel, LoggedModelStatus } from '../../tracking/logged-model.ts';
import type { Counterpart } from './queue.ts';

/** Why the other server did not do what it was asked. */
export type Fault =
  /** Nothing, or nothing of its own, answers, or it has too much to do. `after`: milliseconds that it asks for. */
  | { readonly kind: 'away'; readonly after: number | undefined; readonly said: string }
  /** It failed at this request. */
  | { readonly kind: 'failed'; readonly said: string }
  /** It will not do this, however often it is asked. */
  | { readonly kind: 'refused'; readonly said: string };

export interface TargetExperiments {
  find(name: string): Promise<string | undefined>;
  create(name: string, tags: readonly KeyValue[]): Promise<string>;
  rename(id: string, name: string): Promise<void>;
  move(id: string, to: Lifecycle): Promise<void>;
  setTag(id: string, tag: KeyValue): Promise<void>;
  deleteTag(id: string, key: string): Promise<void>;
}

export interface TheirNewRun {
  readonly experimentId: string;
  readonly name: string;
  readonly user: string;
  readonly startedAt: number;
  readonly tags: readonly KeyValue[];
}

export interface TheirEntries {
  readonly metrics: readonly LoggedPoint[];
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
}

export interface TargetRuns {
  /** The run with this tag, deleted or not. */
  find(experimentId: string, tag: KeyValue): Promise<Counterpart | undefined>;
  create(run: TheirNewRun): Promise<Counterpart>;
  log(id: string, entries: TheirEntries): Promise<void>;
  /** Every point of a metric, in any order. */
  history(id: string, key: string): AsyncIterable<Pick<LoggedPoint, 'value' | 'step' | 'timestamp'>>;
  deleteTag(id: string, key: string): Promise<void>;
  end(id: string, status: RunStatus, endedAt: number | undefined): Promise<void>;
  move(id: string, to: Lifecycle): Promise<void>;
  link(
    id: string,
    links: {
      readonly datasets: readonly DatasetInput[];
      readonly modelInputs: readonly string[];
      readonly modelOutputs: readonly ModelOutput[];
    },
  ): Promise<void>;
}

export interface TargetLoggedModels {
  find(experimentId: string, tag: KeyValue): Promise<Counterpart | undefined>;
  /** The ids in it are theirs. */
  create(
    model: Pick<LoggedModel, 'experimentId' | 'name' | 'modelType' | 'sourceRunId' | 'params' | 'tags'>,
  ): Promise<Counterpart>;
  finalize(id: string, status: LoggedModelStatus): Promise<void>;
  logParam(id: string, param: KeyValue): Promise<void>;
  setTag(id: string, tag: KeyValue): Promise<void>;
  deleteTag(id: string, key: string): Promise<void>;
  delete(id: string): Promise<void>;
}

/** A version under the number that it has there. */
export interface TheirVersion {
  readonly model: string;
  readonly version: string;
}

/** What is set twice is set once, and what is deleted twice is gone. */
export interface TargetRegistry {
  createModel(name: string, description: string, tags: readonly KeyValue[]): Promise<void>;
  renameModel(name: string, to: string): Promise<void>;
  describeModel(name: string, description: string): Promise<void>;
  deleteModel(name: string): Promise<void>;
  setModelTag(name: string, tag: KeyValue): Promise<void>;
  deleteModelTag(name: string, key: string): Promise<void>;
  /** @returns the number of the version with this tag */
  findVersion(model: string, tag: KeyValue): Promise<string | undefined>;
  /** Ids in it are theirs. @returns its number */
  createVersion(
    version: Pick<
      CatalogueVersion,
      'model' | 'source' | 'runId' | 'loggedModelId' | 'runLink' | 'description'
    > & {
      readonly tags: readonly KeyValue[];
    },
  ): Promise<string>;
  describeVersion(version: TheirVersion, description: string): Promise<void>;
  moveToStage(version: TheirVersion, stage: Stage): Promise<void>;
  deleteVersion(version: TheirVersion): Promise<void>;
  setVersionTag(version: TheirVersion, tag: KeyValue): Promise<void>;
  deleteVersionTag(version: TheirVersion, key: string): Promise<void>;
  setAlias(version: TheirVersion, alias: string): Promise<void>;
  deleteAlias(model: string, alias: string): Promise<void>;
}

export interface TargetFiles {
  /** @throws PlatformError INPUT_INVALID for a place in a store that the server only names, as by `delete` */
  put(
    place: string,
    path: string,
    file: { readonly size: number; readonly content: AsyncIterable<Uint8Array> },
  ): Promise<void>;
  delete(place: string, path: string): Promise<void>;
}

/** The server that the mirror writes to. Every method may fail with what `faultOf` knows. */
export interface MirrorTarget extends AsyncDisposable {
  /** Without credentials, for people. */
  readonly url: string;
  readonly experiments: TargetExperiments;
  readonly runs: TargetRuns;
  readonly loggedModels: TargetLoggedModels;
  readonly registry: TargetRegistry;
  readonly files: TargetFiles;
  /** Asks something that costs nothing. */
  check(): Promise<void>;
  /** Absent for what is no fault of that server. */
  faultOf(error: unknown): Fault | undefined;
}

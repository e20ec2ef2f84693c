import type { ModelVersion, Stage } from '../../registry/model.ts';
import type {
  RunStatus,
  DatasetInput,
  KeyValue,
  Lifecycle,
  LoggedPoint,
  ModelOutput,
} from '../../tracking/model.ts';
import type { LoggedModel, LoggedModelStatus } from '../../tracking/logged-model.ts';
import type { RemoteId } from './queue.ts';

/** Why a request to the other server failed. */
export type Fault =
  /** The server cannot be reached, is not MLflow, or is overloaded. `after`: milliseconds that it asks to wait. */
  | { readonly kind: 'away'; readonly after: number | undefined; readonly reason: string }
  /** The server failed at this request. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The server will refuse this request every time. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface TargetExperiments {
  find(name: string): Promise<string | undefined>;
  create(name: string, tags: readonly KeyValue[]): Promise<string>;
  rename(id: string, name: string): Promise<void>;
  move(id: string, to: Lifecycle): Promise<void>;
  setTag(id: string, tag: KeyValue): Promise<void>;
  deleteTag(id: string, key: string): Promise<void>;
}

export interface NewRemoteRun {
  readonly experimentId: string;
  readonly name: string;
  readonly user: string;
  readonly startedAt: number;
  readonly tags: readonly KeyValue[];
}

export interface RunEntries {
  readonly metrics: readonly LoggedPoint[];
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
}

export interface TargetRuns {
  /** The run with this tag, deleted or not. */
  find(experimentId: string, tag: KeyValue): Promise<RemoteId | undefined>;
  create(run: NewRemoteRun): Promise<RemoteId>;
  log(id: string, entries: RunEntries): Promise<void>;
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
  find(experimentId: string, tag: KeyValue): Promise<RemoteId | undefined>;
  /** `experimentId` and `sourceRunId` are remote ids. */
  create(
    model: Pick<LoggedModel, 'experimentId' | 'name' | 'modelType' | 'sourceRunId' | 'params' | 'tags'>,
  ): Promise<RemoteId>;
  finalize(id: string, status: LoggedModelStatus): Promise<void>;
  logParam(id: string, param: KeyValue): Promise<void>;
  setTag(id: string, tag: KeyValue): Promise<void>;
  deleteTag(id: string, key: string): Promise<void>;
  delete(id: string): Promise<void>;
}

/** A version by its number on the other server. */
export interface RemoteVersion {
  readonly model: string;
  readonly version: string;
}

/** Every method can be repeated: setting or deleting something a second time changes nothing. */
export interface TargetRegistry {
  createModel(name: string, description: string, tags: readonly KeyValue[]): Promise<void>;
  renameModel(name: string, to: string): Promise<void>;
  describeModel(name: string, description: string): Promise<void>;
  deleteModel(name: string): Promise<void>;
  setModelTag(name: string, tag: KeyValue): Promise<void>;
  deleteModelTag(name: string, key: string): Promise<void>;
  /** @returns the number of the version with this tag */
  findVersion(model: string, tag: KeyValue): Promise<string | undefined>;
  /** `runId` and `loggedModelId` are remote ids. @returns the number of the version */
  createVersion(
    version: Pick<
      ModelVersion,
      'model' | 'source' | 'runId' | 'loggedModelId' | 'runLink' | 'description'
    > & {
      readonly tags: readonly KeyValue[];
    },
  ): Promise<string>;
  describeVersion(version: RemoteVersion, description: string): Promise<void>;
  moveToStage(version: RemoteVersion, stage: Stage): Promise<void>;
  deleteVersion(version: RemoteVersion): Promise<void>;
  setVersionTag(version: RemoteVersion, tag: KeyValue): Promise<void>;
  deleteVersionTag(version: RemoteVersion, key: string): Promise<void>;
  setAlias(version: RemoteVersion, alias: string): Promise<void>;
  deleteAlias(model: string, alias: string): Promise<void>;
}

export interface TargetFiles {
  /** @throws PlatformError INPUT_INVALID, as `delete` does, for a folder in a store that the server does not write to itself */
  put(
    artifactUri: string,
    path: string,
    file: { readonly size: number; readonly content: AsyncIterable<Uint8Array> },
  ): Promise<void>;
  delete(artifactUri: string, path: string): Promise<void>;
}

/** The server that the mirror writes to. `faultOf` explains the errors of every method. */
export interface MirrorTarget extends AsyncDisposable {
  /** Without credentials, for people. */
  readonly url: string;
  readonly experiments: TargetExperiments;
  readonly runs: TargetRuns;
  readonly loggedModels: TargetLoggedModels;
  readonly registry: TargetRegistry;
  readonly files: TargetFiles;
  /** Sends a cheap request to see whether MLflow answers. */
  check(): Promise<void>;
  /** Absent for an error that is not a fault of that server. */
  faultOf(error: unknown): Fault | undefined;
}

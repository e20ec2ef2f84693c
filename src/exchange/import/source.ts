import type { LoggedModel } from '../../tracking/logged-model.ts';
import type { Experiment, Lifecycle, LoggedPoint, Run, RunInfo } from '../../tracking/model.ts';
import type { Difference } from './tally.ts';

/** A run of the source. Its parent is in its tags. */
export interface SourceRun extends Omit<Run, 'info'> {
  readonly info: Omit<RunInfo, 'parentId' | 'plan'>;
  /** 'LOCAL', 'NOTEBOOK'; '' where the source has none. */
  readonly sourceType: string;
  readonly sourceName: string;
  /** Absent where the source has none. */
  readonly deletedAt: number | undefined;
}

export interface SourceLoggedModel extends LoggedModel {
  readonly lifecycle: Lifecycle;
  /** Why its upload failed. */
  readonly statusMessage: string;
}

export interface SourceModel {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, number>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SourceVersion {
  readonly model: string;
  readonly version: number;
  readonly source: string;
  /** The URI of its files, where the source knows it. */
  readonly storage: string | undefined;
  readonly runId: string | undefined;
  readonly runLink: string;
  readonly loggedModelId: string | undefined;
  readonly description: string;
  /** 'None', 'Production'. */
  readonly stage: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** 'READY'. */
  readonly status: string;
  /** Who created it; '' where the source does not say. */
  readonly user: string;
}

/** A run or logged model that has files. */
export interface FileOwner {
  readonly kind: 'run' | 'logged model';
  readonly id: string;
  /** At the source. */
  readonly experimentId: string;
  /** Its folder, as the source names it. */
  readonly uri: string;
}

export interface SourceFile {
  /** Relative to the owner's folder, joined by '/'. */
  readonly path: string;
  /** In bytes; absent where the source does not say. */
  readonly size: number | undefined;
  /** @throws PlatformError ARTIFACT_NOT_FOUND where the source refuses it */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** An entry of a folder that cannot be imported. */
export interface SourceGap {
  readonly path: string;
  readonly reason: string;
}

export type SourceFiles =
  | { readonly kind: 'available'; readonly files: AsyncIterable<SourceFile | SourceGap> }
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * Everything of another tracking server and its registry, read from the server or from its files, deleted entities too. A
 * passing failure, such as a server that is down, is thrown; a lasting one is reported as a gap.
 */
export interface MlflowSource extends AsyncDisposable {
  /** The same at every import: 'http://…', 'sqlite:/…'. */
  readonly name: string;
  experiments(): AsyncIterable<Experiment>;
  /** In the order in which they started. */
  runs(experimentId: string): AsyncIterable<SourceRun>;
  /** All points of all metrics, in pages. */
  points(run: SourceRun): AsyncIterable<readonly LoggedPoint[]>;
  loggedModels(experimentId: string): AsyncIterable<SourceLoggedModel>;
  /** Prompts too. */
  models(): AsyncIterable<SourceModel>;
  versions(model: string): AsyncIterable<SourceVersion>;
  files(owner: FileOwner): Promise<SourceFiles>;
  /** What the source has and no import supports: traces, webhooks. */
  unsupported(experimentIds: readonly string[]): AsyncIterable<Difference>;
}

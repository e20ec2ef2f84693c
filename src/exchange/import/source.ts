import type { LoggedModel } from '../../tracking/logged-model.ts';
import type { ExperimentRecord, Lifecycle, LoggedPoint, RunRecord } from '../../tracking/record.ts';

/** A run as its server tells it. */
export interface SourceRun extends RunRecord {
  /** 'LOCAL', 'NOTEBOOK'; '' where nobody says. */
  readonly sourceType: string;
  readonly sourceName: string;
  /** Absent where the source does not say. */
  readonly deletedAt: number | undefined;
}

export interface SourceLoggedModel extends LoggedModel {
  readonly lifecycle: Lifecycle;
  /** Why it failed, in words. */
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
  /** Where its files are, as far as the source says. */
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
  /** Who made it; '' where nobody says. */
  readonly user: string;
}

/** Whose files: those of a run or of a logged model. */
export interface FileOwner {
  readonly kind: 'run' | 'logged model';
  readonly id: string;
  /** Theirs. */
  readonly experimentId: string;
  /** The folder, as its server names it. */
  readonly uri: string;
}

export interface SourceFile {
  /** Below the folder of its owner, names joined by '/'. */
  readonly path: string;
  /** In bytes; absent where the source does not say. */
  readonly size: number | undefined;
  /** @throws PlatformError ARTIFACT_NOT_FOUND where the source does not give it */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** What is in a folder and is no file that can be brought. */
export interface SourceGap {
  readonly path: string;
  readonly why: string;
}

export type SourceFiles =
  | { readonly kind: 'here'; readonly files: AsyncIterable<SourceFile | SourceGap> }
  | { readonly kind: 'elsewhere'; readonly why: string };

/** Something that the source has and no import brings. */
export interface SourceRest {
  /** 'traces'. */
  readonly what: string;
  /** Of an experiment, a model; '' for the whole source. */
  readonly id: string;
  readonly why: string;
}

/**
 * Another tracking server with its registry, or the files of one: everything that it has, deleted things too. What can be
 * read again later, such as a server that does not answer, is an error; what it never gives is told as a gap.
 */
export interface MlflowSource extends AsyncDisposable {
  /** The same at every import: 'http://…', 'sqlite:/…'. */
  readonly name: string;
  experiments(): AsyncIterable<ExperimentRecord>;
  /** The first started first. */
  runs(experimentId: string): AsyncIterable<SourceRun>;
  /** All points of all metrics, some at a time. */
  points(run: SourceRun): AsyncIterable<readonly LoggedPoint[]>;
  loggedModels(experimentId: string): AsyncIterable<SourceLoggedModel>;
  /** Prompts too. */
  models(): AsyncIterable<SourceModel>;
  versions(model: string): AsyncIterable<SourceVersion>;
  files(owner: FileOwner): Promise<SourceFiles>;
  rest(experimentIds: readonly string[]): AsyncIterable<SourceRest>;
}

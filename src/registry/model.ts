import type { Digest } from '../kernel/digest.ts';
import type { RunId } from '../kernel/ids.ts';
import type { Decision, GateFacts } from './gate.ts';

/** MLflow's older way to mark a version, before aliases. Only MLflow's API uses it. */
export const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
export type Stage = (typeof stages)[number];

/** A name under which versions are registered. */
export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The version number of each alias. */
  readonly aliases: Readonly<Record<string, number>>;
  /** The version with the highest number in each stage, in order of number. */
  readonly latest: readonly ModelVersion[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NewModel {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly at: number;
}

/** Identifies a version of a model. */
export interface VersionKey {
  readonly model: string;
  /** 1, 2, 3 … */
  readonly version: number;
}

/** A version of a model, registered by the pipeline or an MLflow client. */
export interface ModelVersion extends VersionKey {
  /** The address of its files, as registered. */
  readonly source: string;
  /** The address that the source resolves to; otherwise the source itself. */
  readonly storage: string;
  readonly runId: string | undefined;
  readonly runLink: string;
  readonly loggedModelId: string | undefined;
  /** The model folder, for a version of the pipeline and for its copies. */
  readonly folder: Digest | undefined;
  /** Measured on the test rows, for a version of the pipeline. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly description: string;
  readonly stage: Stage;
  readonly tags: Readonly<Record<string, string>>;
  /** In order of name. */
  readonly aliases: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * A version of the pipeline, or a copy of one. Its folder is a dataset of files with everything that serving needs: the
 * MLflow model, the endpoint's code and its request schema. Only such versions are served.
 */
export interface PipelineVersion extends ModelVersion {
  readonly runId: RunId;
  readonly folder: Digest;
}

/** The version, if the pipeline trained it or the version that it copies. */
export function asPipelineVersion(version: ModelVersion | undefined): PipelineVersion | undefined {
  if (version?.folder === undefined || version.runId === undefined) return undefined;
  return { ...version, runId: version.runId as RunId, folder: version.folder };
}

export interface NewModelVersion {
  readonly model: string;
  readonly source: string;
  readonly storage: string;
  readonly runId: string | undefined;
  readonly runLink: string;
  readonly loggedModelId: string | undefined;
  /** The metrics of the version that it copies. @default none */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly at: number;
}

export type NewPipelineVersion = Pick<
  PipelineVersion,
  'model' | 'runId' | 'folder' | 'metrics' | 'createdAt'
>;

/** What the pipeline adds to a version that a client registered. */
export interface Adoption extends VersionKey {
  readonly folder: Digest;
  /** The run that measured it, for a version without a run of its own. */
  readonly runId: RunId;
  readonly metrics: Readonly<Record<string, number>>;
  readonly at: number;
}

/** A tag of a model, or of a version of it. */
export interface TagOf {
  readonly model: string;
  readonly version?: number;
  readonly key: string;
}

/** The gate's decision on a version, with its facts. */
export interface Verdict {
  readonly id: number;
  readonly model: string;
  readonly version: number;
  readonly alias: string;
  readonly decision: Decision;
  readonly facts: GateFacts;
  readonly decidedAt: number;
}

export type NewVerdict = Omit<Verdict, 'id'>;

/** A change of an alias: pointed to a version, or removed. */
export interface AliasMove {
  readonly model: string;
  readonly alias: string;
  /** Absent if it was unset. */
  readonly from: number | undefined;
  /** Absent when it was removed. */
  readonly to: number | undefined;
  /** 'gate', or the person or client. */
  readonly by: string;
  readonly movedAt: number;
  /** The reason given by the caller. The gate's reasons are in its verdict. */
  readonly why?: string;
}

/** A requested move. */
export interface NewAliasMove extends Omit<AliasMove, 'from'> {
  /** The version that the alias must point to now, absent for unset; 'any' moves it unconditionally. */
  readonly from: number | 'any' | undefined;
}

/** Prompts are models with this tag set to 'true'; so are their versions. */
export const promptTag = 'mlflow.prompt.is_prompt';
/** The tag of a prompt that says 'text' or 'chat'. */
export const promptTypeTag = '_mlflow_prompt_type';
/** The tag of a prompt version that holds its text. */
export const promptTextTag = 'mlflow.prompt.text';

import type { Digest } from '../kernel/digest.ts';
import type { RunId } from '../kernel/ids.ts';
import type { Decision, GateFacts } from './gate.ts';

/** MLflow's older way to mark a version; aliases took its place. Only MLflow's API uses it. */
export const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
export type Stage = (typeof stages)[number];

/** A name under which versions are registered. */
export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The version number under each alias. */
  readonly aliases: Readonly<Record<string, number>>;
  /** The version with the highest number of each stage, in the order of their numbers. */
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

/** Which version of which model. */
export interface VersionKey {
  readonly model: string;
  /** 1, 2, 3 … */
  readonly version: number;
}

/** A version of a model, made by the pipeline or by a client of MLflow. */
export interface ModelVersion extends VersionKey {
  /** The address of its files, as it was registered. */
  readonly source: string;
  /** The address that the source stands for; the source itself where it stands for nothing else. */
  readonly storage: string;
  readonly runId: string | undefined;
  readonly runLink: string;
  readonly loggedModelId: string | undefined;
  /** The model folder, for a version that the pipeline made and for copies of one. */
  readonly folder: Digest | undefined;
  /** On the test rows, for a version that the pipeline made. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly description: string;
  readonly stage: Stage;
  readonly tags: Readonly<Record<string, string>>;
  /** In the order of their names. */
  readonly aliases: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * A version that the pipeline made, or a copy of one. Its folder is a dataset of files with all that serving needs: the
 * MLflow model, the endpoint's code and its request schema. Only such a version is served.
 */
export interface PipelineVersion extends ModelVersion {
  readonly runId: RunId;
  readonly folder: Digest;
}

/** The version, if the pipeline made it or what it is a copy of. */
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
  /** The metrics of the version that it is a copy of. @default none */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly at: number;
}

export type NewPipelineVersion = Pick<
  PipelineVersion,
  'model' | 'runId' | 'folder' | 'metrics' | 'createdAt'
>;

/** A tag of a model, or of a version of it. */
export interface TagOf {
  readonly model: string;
  readonly version?: number;
  readonly key: string;
}

/** What the gate decided on a version, with the facts that it decided from. */
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

/** An alias was pointed to a version, or removed. */
export interface AliasMove {
  readonly model: string;
  readonly alias: string;
  /** Absent where it pointed to nothing. */
  readonly from: number | undefined;
  /** Absent when it was removed. */
  readonly to: number | undefined;
  /** 'gate', or the person or client that did it. */
  readonly by: string;
  readonly movedAt: number;
  /** The reason that was given. The gate's reasons are in its verdict. */
  readonly why?: string;
}

/** A move that is to be made. */
export interface NewAliasMove extends Omit<AliasMove, 'from'> {
  /** The version that the alias must point to now, absent for none; 'any' moves it from wherever it is. */
  readonly from: number | 'any' | undefined;
}

/** Prompts are models with this tag at 'true', and their versions have it too. */
export const promptTag = 'mlflow.prompt.is_prompt';
/** The tag of a prompt that says 'text' or 'chat'. */
export const promptTypeTag = '_mlflow_prompt_type';
/** The tag of a prompt's version that holds its text. */
export const promptTextTag = 'mlflow.prompt.text';

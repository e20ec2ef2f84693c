import type { Digest } from '../kernel/digest.ts';

/** MLflow's older way to say where a version stands; aliases took its place. Known in MLflow's API alone. */
export const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
export type Stage = (typeof stages)[number];

/** A model as MLflow means it: a name that versions are registered under. */
export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The version number under each alias. */
  readonly aliases: Readonly<Record<string, number>>;
  /** Of each stage that has a version the one with the highest number, in the order of their numbers. */
  readonly latest: readonly CatalogueVersion[];
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
  readonly version: number;
}

/** A version of a model, whoever made it: the pipeline, or a client of MLflow. */
export interface CatalogueVersion extends VersionKey {
  /** Where its files are said to be, as it was registered. */
  readonly source: string;
  /** Where they are: the source, or what the source stands for. */
  readonly storage: string;
  readonly runId: string | undefined;
  readonly runLink: string;
  readonly loggedModelId: string | undefined;
  /** The model folder of a version that the pipeline made, or of a copy of one; only such a version is served. */
  readonly folder: Digest | undefined;
  /** On the test rows, for a version that passed the gate. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly description: string;
  readonly stage: Stage;
  readonly tags: Readonly<Record<string, string>>;
  /** In the order of their names. */
  readonly aliases: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NewCatalogueVersion {
  readonly model: string;
  readonly source: string;
  readonly storage: string;
  readonly runId: string | undefined;
  readonly runLink: string;
  readonly loggedModelId: string | undefined;
  /** Those of the version that it is a copy of. @default none */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly at: number;
}

/** A tag of a model, or of a version of it. */
export interface TagOf {
  readonly model: string;
  readonly version?: number;
  readonly key: string;
}

/** An alias as it was moved or taken away. */
export interface AliasChange {
  readonly model: string;
  readonly alias: string;
  /** Absent where it pointed to nothing. */
  readonly from: number | undefined;
  /** Absent when it was taken away. */
  readonly to: number | undefined;
  /** 'gate' or who did it. */
  readonly by: string;
  readonly movedAt: number;
  /** In the words of whoever moved it. */
  readonly why?: string;
}

/** Prompts are models with this tag at 'true', and their versions have it too. */
export const promptTag = 'mlflow.prompt.is_prompt';
/** The tag of a prompt that tells 'text' or 'chat'. */
export const promptTypeTag = '_mlflow_prompt_type';
/** The tag of a prompt's version that holds its text. */
export const promptTextTag = 'mlflow.prompt.text';

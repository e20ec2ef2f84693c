import type { MetricPoint, KeyValue } from './model.ts';

/** How far a logged model has come: its files are still being written, all there, or failed on the way. */
export const loggedModelStatuses = ['UNSPECIFIED', 'PENDING', 'READY', 'FAILED'] as const;
export type LoggedModelStatus = (typeof loggedModelStatuses)[number];

/** A metric's point that was logged for a model, with the run that logged it and the dataset that it is about. */
export interface ModelPoint extends MetricPoint {
  readonly runId: string;
  readonly datasetName: string | undefined;
  readonly datasetDigest: string | undefined;
}

/** A model as a client logs it, before and without any name in the registry. Lists are in the order of their keys. */
export interface LoggedModel {
  /** 'm-' and 32 hex digits. */
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  /** The folder of its files. */
  readonly artifactUri: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly status: LoggedModelStatus;
  /** 'Agent'; '' where the client says nothing. */
  readonly modelType: string;
  /** '' where the client names no run. */
  readonly sourceRunId: string;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  /** Every point, by key, then time and step. */
  readonly metrics: readonly ModelPoint[];
}

export interface NewLoggedModel {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly modelType: string;
  readonly sourceRunId: string;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly now: number;
}

/** A dataset by name and, where it is given, by digest. */
export interface DatasetRef {
  readonly name: string;
  readonly digest: string | undefined;
}

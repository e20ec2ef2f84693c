import type { Digest } from '../kernel/digest.ts';
import type { RunId } from '../kernel/ids.ts';
import type { Decision, GateFacts } from './gate.ts';

/** A version of a model. Everything that serving needs is in the folder, so today's code can change. */
export interface ModelVersion {
  readonly model: string;
  /** 1, 2, 3 … */
  readonly version: number;
  readonly runId: RunId;
  /** The model folder, a dataset of files: the MLflow model, the endpoint's code and its request schema. */
  readonly folder: Digest;
  /** On the test rows, as the run measured them. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly createdAt: number;
}

export type NewVersion = Omit<ModelVersion, 'version'>;

/** A verdict with the facts that it was made from. */
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

export interface AliasMove {
  readonly model: string;
  readonly alias: string;
  /** Absent for the first. */
  readonly from: number | undefined;
  readonly to: number;
  /** 'gate' or who did it. */
  readonly by: string;
  readonly movedAt: number;
  /** In the words of whoever moved it. The gate's reasons are in its verdict. */
  readonly why?: string;
}

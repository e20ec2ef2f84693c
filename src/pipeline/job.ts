import type { ErrorBody } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';

/** What requested a run. */
export type Trigger =
  /** A person on a page; `name` if people sign in. */
  | { readonly kind: 'person'; readonly name?: string }
  /** The command line or another program of ours. */
  | { readonly kind: 'client'; readonly name?: string }
  /** A request to the API; `key` is unique for its caller, so that a repeated request runs once. `account` identifies the caller. */
  | { readonly kind: 'api'; readonly name?: string; readonly account?: string; readonly key?: string }
  /** `modelyard dev` has started. */
  | { readonly kind: 'start' }
  /** A file of the project has changed. */
  | { readonly kind: 'code' }
  | { readonly kind: 'schedule'; readonly schedule: string; readonly at: number }
  | { readonly kind: 'new data'; readonly source: string; readonly dataset: string }
  | { readonly kind: 'drift'; readonly model: string; readonly version: number; readonly at: number };

/**
 * `queued` waits for a worker, `running` has one. `interrupted`: its process ended unexpectedly, and the job `resumedBy`
 * completes it. The others are final.
 */
export type JobStatus = 'queued' | 'running' | 'finished' | 'failed' | 'cancelled' | 'interrupted';

/** A requested run of the pipeline, stored until it is done, whatever happens to the process. */
export interface Job {
  /** Also the id of the run that records it, if one does. */
  readonly id: RunId;
  readonly project: string;
  /** A source, step, model or task, or a version to train again (`versionTarget`). @default everything */
  readonly target?: string;
  readonly trigger: Trigger;
  readonly status: JobStatus;
  readonly queuedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** 1, plus the number of its interrupted predecessors. */
  readonly attempt: number;
  /** The interrupted job that this one completes. */
  readonly resumes?: RunId;
  readonly resumedBy?: RunId;
  /** Whether a stop was requested. */
  readonly cancelRequested: boolean;
  /** The result, as JSON. */
  readonly outcome?: unknown;
  /** Why it failed to run. */
  readonly error?: ErrorBody;
}

/** A registered version, as a job targets it. */
interface TargetVersion {
  readonly model: string;
  readonly version: number;
}

/** The target of a job that trains a version again: MLflow's address of the version. */
export function versionTarget({ model, version }: TargetVersion): string {
  return `models:/${model}/${version}`;
}

/** The version that a job trains again; undefined for any other target. */
export function versionIn(target: string | undefined): TargetVersion | undefined {
  const [, model, version] = /^models:\/([^/]+)\/(\d+)$/.exec(target ?? '') ?? [];
  return model === undefined ? undefined : { model, version: Number(version) };
}

/** Two triggers with the same key are the same request. Absent if every trigger is a new one. */
export function triggerKey(trigger: Trigger): string | undefined {
  switch (trigger.kind) {
    case 'schedule':
      return `schedule ${trigger.schedule} ${trigger.at}`;
    case 'new data':
      return `new data ${trigger.source} ${trigger.dataset}`;
    case 'drift':
      return `drift ${trigger.model} ${trigger.version} ${trigger.at}`;
    case 'api':
      return trigger.key === undefined
        ? undefined
        : JSON.stringify(['api', trigger.account ?? '', trigger.name ?? '', trigger.key]);
    case 'person':
    case 'client':
    case 'start':
    case 'code':
      return undefined;
  }
}

/** 'ada', 'command line', 'schedule nightly' */
export function formatTrigger(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'person':
      return trigger.name ?? 'you';
    case 'client':
      return trigger.name ?? 'command line';
    case 'api':
      return trigger.name ?? 'API';
    case 'start':
      return 'start';
    case 'code':
      return 'file changed';
    case 'schedule':
      return `schedule ${trigger.schedule}`;
    case 'new data':
      return `new data of ${trigger.source}`;
    case 'drift':
      return `drift of ${trigger.model}`;
  }
}

/** Whether the trigger fires again when its process starts, so that nobody waits for an interrupted run. */
export function restartsByItself({ kind }: Trigger): boolean {
  return kind === 'start' || kind === 'code';
}

/** Whether it has ended. */
export function hasEnded({ status }: Pick<Job, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}

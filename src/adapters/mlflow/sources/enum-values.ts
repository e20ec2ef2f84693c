import type { RunStatus, Lifecycle } from '../../../tracking/model.ts';
import type { LoggedModelStatus } from '../../../tracking/logged-model.ts';

const runStatuses: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];
const modelStatuses: readonly LoggedModelStatus[] = ['UNSPECIFIED', 'PENDING', 'READY', 'FAILED'];
const sourceTypes = new Map([
  ['1', 'NOTEBOOK'],
  ['2', 'JOB'],
  ['3', 'PROJECT'],
  ['4', 'LOCAL'],
]);

/** The stage of a deleted version, whose row MLflow keeps. */
export const deletedStage = 'Deleted_Internal';

/** Reads a name, or the number that files have (from 1). An unknown status counts as finished. */
export function runStatus(text: string): RunStatus {
  return (
    runStatuses.find((status) => status === text) ??
    runStatuses[/^\d+$/.test(text) ? Number(text) - 1 : -1] ??
    'FINISHED'
  );
}

/** Reads a name ('READY', in responses 'LOGGED_MODEL_READY') or a number (from 0). */
export function loggedModelStatus(text: string): LoggedModelStatus {
  const name = text.replace(/^LOGGED_MODEL_(STATUS_)?(UPLOAD_)?/, '');
  return (
    modelStatuses.find((status) => status === name) ??
    modelStatuses[/^\d+$/.test(text) ? Number(text) : -1] ??
    'UNSPECIFIED'
  );
}

export function lifecycleOf(text: string): Lifecycle {
  return text === 'deleted' ? 'deleted' : 'active';
}

/** Reads a name, or the number that files have. */
export function sourceType(text: string): string {
  return sourceTypes.get(text) ?? (/^\d*$/.test(text) ? 'UNKNOWN' : text);
}

/** The logged model that the source of a version names: 'models:/m-…'. */
export function loggedModelIn(source: string): string | undefined {
  return /^models:\/+(m-[^/@]+)$/.exec(source)?.[1];
}

import type { RunStatus } from '../../../tracking/model.ts';
import type { LoggedModelStatus } from '../../../tracking/logged-model.ts';
import type { Lifecycle } from '../../../tracking/record.ts';

const runStatuses: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];
const modelStatuses: readonly LoggedModelStatus[] = ['UNSPECIFIED', 'PENDING', 'READY', 'FAILED'];
const sourceTypes = new Map([
  ['1', 'NOTEBOOK'],
  ['2', 'JOB'],
  ['3', 'PROJECT'],
  ['4', 'LOCAL'],
]);

/** The stage of a version that was deleted: MLflow keeps its row. */
export const deletedStage = 'Deleted_Internal';

/** From its name, or its number from 1 on, which files have. What nobody knows has finished. */
export function runStatus(text: string): RunStatus {
  return (
    runStatuses.find((status) => status === text) ??
    runStatuses[/^\d+$/.test(text) ? Number(text) - 1 : -1] ??
    'FINISHED'
  );
}

/** From its name, in an answer 'LOGGED_MODEL_READY', or its number from 0 on. */
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

/** From its name, or the number that files have. */
export function sourceType(text: string): string {
  return sourceTypes.get(text) ?? (/^\d*$/.test(text) ? 'UNKNOWN' : text);
}

/** The logged model that a version's source names: 'models:/m-…'. */
export function loggedModelIn(source: string): string | undefined {
  return /^models:\/+(m-[^/@]+)$/.exec(source)?.[1];
}

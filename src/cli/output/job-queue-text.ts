import type { JobRow } from '../../api/job-views.ts';
import type { Operations } from '../../api/routes.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** 'Waits for rapid-kestrel (id 3f2a…). Cancel it with: modelyard runs cancel 9b1c…' */
export async function waitingText(
  { id, project }: JobRow,
  operations: Pick<Operations, 'listJobs' | 'getRun'>,
): Promise<string> {
  const [running] = await operations.listJobs({ project, limit: 1, status: 'running' });
  const first =
    running && running.id !== id
      ? `Waits for ${await nameOf(running.id, operations)}(id ${running.id}).`
      : 'Waits in the queue.';
  return `${first} Cancel this run with: modelyard runs cancel ${id}`;
}

/** A run has a name once it has recorded something. */
async function nameOf(run: string, operations: Pick<Operations, 'getRun'>): Promise<string> {
  try {
    return `${(await operations.getRun({ run })).name} `;
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'RUN_NOT_FOUND') return 'another run ';
    throw error;
  }
}

/** The runs of every project that wait or that have recorded nothing yet. */
export async function listWaiting(
  operations: Pick<Operations, 'listProjects' | 'listJobs'>,
  recorded: ReadonlySet<string>,
): Promise<readonly JobRow[]> {
  const waiting: JobRow[] = [];
  for (const { name: project } of await operations.listProjects({}))
    for (const status of ['queued', 'running'] as const)
      for (const job of await operations.listJobs({ project, limit: 1000, status }))
        if (!recorded.has(job.id)) waiting.push(job);
  return waiting;
}

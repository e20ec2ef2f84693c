import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type JobView, PlatformError, type ProjectView } from '../../../src/client/index.ts';
import { client, jobQuery, projectQuery, runsQuery } from '../queries.ts';

const lookEveryMs = 2000;

/** Starts a run. The page shows its progress, and a note beside the button shows everything else. */
export function RunNow({ project }: { readonly project: ProjectView }): ReactNode {
  const queries = useQueryClient();
  const start = useMutation({
    mutationFn: () => client.startRun({ project: project.name, by: 'person' }),
    onSuccess: (job) => queries.setQueryData(jobQuery(job.id).queryKey, job),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: projectQuery(project.name).queryKey });
      void queries.invalidateQueries({ queryKey: runsQuery(project.name).queryKey });
    },
  });
  const { data: job } = useQuery({
    ...jobQuery(start.data?.id ?? ''),
    enabled: start.data !== undefined,
    refetchInterval: ({ state }) => (state.data && isWaiting(state.data) ? lookEveryMs : false),
  });
  const running = project.activeRun !== null;
  const starting = start.isPending || (job !== undefined && isWaiting(job));
  const busy = starting || running;
  const note = busy ? undefined : noteOf(job, start.error);
  return (
    <>
      <output className="faint run-note">{note}</output>
      <button
        type="button"
        className={project.models.some(({ live }) => live) ? '' : 'primary'}
        aria-disabled={busy}
        onClick={() => !busy && start.mutate()}
      >
        {busy && <span className="spinner" aria-hidden="true" />}
        {running ? 'Running' : starting ? 'Starting' : 'Run now'}
      </button>
    </>
  );
}

function isWaiting({ status }: JobView): boolean {
  return status === 'queued' || status === 'running';
}

function noteOf(job: JobView | undefined, error: Error | null): string | undefined {
  if (error) return error instanceof PlatformError ? error.detail.remedy : 'The run could not be started.';
  if (job?.error) return job.error.detail.remedy;
  return job?.outcome && job.outcome.run === null ? 'Nothing has changed since the last run.' : undefined;
}

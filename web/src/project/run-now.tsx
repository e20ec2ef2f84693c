import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { PlatformError, type ProjectView, type RunOutcome } from '../../../src/client/index.ts';
import { client, projectQuery, runsQuery } from '../queries.ts';

/** Starts a run; what became of it, where the page does not show that anyway, is said beside the button. */
export function RunNow({ project }: { readonly project: ProjectView }): ReactNode {
  const queries = useQueryClient();
  const start = useMutation({
    mutationFn: () => client.startRun({ project: project.name, why: 'you' }),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: projectQuery(project.name).queryKey });
      void queries.invalidateQueries({ queryKey: runsQuery(project.name).queryKey });
    },
  });
  const running = project.activeRun !== null;
  const busy = start.isPending || running;
  const note = running ? undefined : noteOf(start.data, start.error);
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
        {running ? 'Running' : start.isPending ? 'Starting' : 'Run now'}
      </button>
    </>
  );
}

function noteOf(outcome: RunOutcome | undefined, error: Error | null): string | undefined {
  if (error) return error instanceof PlatformError ? error.detail.remedy : 'The run could not be started.';
  return outcome && outcome.run === null ? 'Nothing has changed since the last run.' : undefined;
}

import type { ReactNode } from 'react';
import { formatDuration, type RunStatus } from '../../../src/client/index.ts';
import { useNow } from '../text/times.tsx';

interface Ran {
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

const signs: Readonly<Record<RunStatus, readonly [sign: string, word: string]>> = {
  FINISHED: ['✓', 'finished'],
  RUNNING: ['●', 'running'],
  SCHEDULED: ['○', 'scheduled'],
  FAILED: ['✕', 'failed'],
  KILLED: ['■', 'killed'],
};

/** The state of a run as a sign and words: 'finished in 3 min'. */
export function RunStatusText({ run }: { readonly run: Ran }): ReactNode {
  const [sign, word] = signs[run.status];
  return (
    <span className={`run-status ${run.status.toLowerCase()}`}>
      <span aria-hidden="true">{sign}</span> {word}
      <Took run={run} />
    </span>
  );
}

function Took({ run }: { readonly run: Ran }): ReactNode {
  if (run.endedAt !== null) return ` in ${formatDuration(Math.max(0, run.endedAt - run.startedAt))}`;
  return run.status === 'RUNNING' ? <RunningFor since={run.startedAt} /> : null;
}

function RunningFor({ since }: { readonly since: number }): ReactNode {
  const now = useNow(1000);
  return ` for ${formatDuration(Math.max(0, now - since))}`;
}

import type { ReactNode } from 'react';
import type { VerdictView, RunRow } from '../../../src/client/index.ts';

/** 'promoted, v7', 'held: 0.3 worse than version 6': a word with a colour, and the sentence on hover. */
function VerdictTag({ verdict }: { readonly verdict: VerdictView }): ReactNode {
  const promoted = verdict.decision.kind === 'promote';
  return (
    <span className={promoted ? 'tag good' : 'tag'} title={verdict.summary}>
      {promoted ? `promoted, v${verdict.version}` : `held, v${verdict.version}`}
    </span>
  );
}

/** How a run ended, in a tag. */
export function RunTag({ run }: { readonly run: RunRow }): ReactNode {
  if (run.failed) return <span className="tag bad">failed at {run.failed.task}</span>;
  switch (run.status) {
    case 'RUNNING':
      return <span className="tag accent">running</span>;
    case 'SCHEDULED':
      return <span className="tag">scheduled</span>;
    case 'FAILED':
      return <span className="tag bad">failed</span>;
    case 'KILLED':
      return <span className="tag warn">stopped</span>;
    case 'FINISHED':
      return <Verdicts run={run} />;
  }
}

function Verdicts({ run }: { readonly run: RunRow }): ReactNode {
  const verdicts = run.models.flatMap(({ verdict }) => verdict ?? []);
  const notJudged = run.models.filter((model) => model.notJudged !== null);
  if (verdicts.length + notJudged.length === 0) return <span className="tag">finished</span>;
  return (
    <span className="tags">
      {verdicts.map((verdict) => (
        <VerdictTag key={verdict.id} verdict={verdict} />
      ))}
      {notJudged.map(({ model, version, notJudged: reason }) => (
        <span key={model} className="tag warn" title={reason ?? undefined}>
          not judged, v{version}
        </span>
      ))}
    </span>
  );
}

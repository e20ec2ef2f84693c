import type { ReactNode } from 'react';
import type { JudgementView, RunRow } from '../../../src/client/index.ts';

/** 'promoted, v7', 'held: 0.3 worse than version 6': a word with a colour, and the sentence on hover. */
function VerdictTag({ judgement }: { readonly judgement: JudgementView }): ReactNode {
  const promoted = judgement.verdict.kind === 'promote';
  return (
    <span className={promoted ? 'tag good' : 'tag'} title={judgement.words}>
      {promoted ? `promoted, v${judgement.version}` : `held, v${judgement.version}`}
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
  const judgements = run.models.flatMap(({ judgement }) => judgement ?? []);
  if (judgements.length === 0) return <span className="tag">finished</span>;
  return (
    <span className="tags">
      {judgements.map((judgement) => (
        <VerdictTag key={judgement.id} judgement={judgement} />
      ))}
    </span>
  );
}

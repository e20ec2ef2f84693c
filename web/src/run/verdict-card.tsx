import type { ReactNode } from 'react';
import { capitalized, isOutdated, type VerdictView, titleOf } from '../../../src/client/index.ts';
import { Card, Digest } from '../shell/parts.tsx';
import { metricMeaning, metricTitle } from '../text/metrics.ts';
import { counted, formatAligned } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import { baselineTitles, needsOf } from './needs.ts';
import { ScrollArea } from '../shell/scroll-area.tsx';

/** The gate's decision and the facts behind it. */
export function VerdictCard({
  verdict,
  isOnly,
}: {
  readonly verdict: VerdictView;
  /** Whether the run has no other model. */
  readonly isOnly: boolean;
}): ReactNode {
  const { facts, decision, summary, version, alias } = verdict;
  const promoted = decision.kind === 'promote';
  return (
    <Card
      title={isOnly ? 'Verdict' : `Verdict on ${verdict.model}`}
      aside={
        <span className={promoted ? 'tag good' : 'tag'}>{promoted ? `promoted to @${alias}` : 'held'}</span>
      }
    >
      <p>{sentence(summary)}</p>
      <ComparedTable verdict={verdict} />
      <p className="faint">
        Version {version}, judged <Ago at={verdict.decidedAt} /> on {counted(facts.testRows, 'test row')}
        {facts.leftOut > 0 && `, without ${counted(facts.leftOut, 'row')} that the live version learned from`}
        {facts.lastPeriod && `, of ${facts.lastPeriod.name} alone`}
      </p>
      <p className="faint test-data">
        Test data <Digest of={facts.testData} what="the digest of the test data" />
      </p>
    </Card>
  );
}

/** A row for each version and baseline, so that many of them do not need a wide page. */
function ComparedTable({ verdict }: { readonly verdict: VerdictView }): ReactNode {
  const { rule, candidate, champion, baseline, baselines = {} } = verdict.facts;
  const names = [
    ...new Set([rule.when.metric, ...Object.keys(rule.atLeast ?? {}), ...Object.keys(rule.atMost ?? {})]),
  ];
  const rows: readonly Compared[] = [
    { title: `v${candidate.version}`, metrics: candidate.metrics },
    ...measuredBefore(champion, baseline),
    ...Object.entries(baselines).map(([name, metrics]) => ({ title: titleOf(name), metrics })),
  ];
  return (
    <>
      <ScrollArea label="Metrics of the verdict">
        <table className="compared">
          <thead>
            <tr>
              <th scope="col">Version</th>
              {names.map((name) => (
                <th key={name} scope="col" className="n" title={metricMeaning(name)}>
                  {metricTitle(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ title, metrics }) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                {names.map((name) => (
                  <td key={name} className="n">
                    {numberOr(metrics[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      <ul className="needs faint">
        {names.map((name) => {
          const needs = needsOf(name, verdict.facts);
          return (
            needs !== '' && (
              <li key={name}>
                {metricTitle(name)} must be {needs}.
              </li>
            )
          );
        })}
      </ul>
      {champion !== null && 'reason' in champion && (
        <p className="note warn">
          Version {champion.version} could not be measured on the same rows: {champion.reason}
        </p>
      )}
    </>
  );
}

interface Compared {
  readonly title: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What the new version was compared with: the live version, or before there is one the baseline. */
function measuredBefore(
  champion: VerdictView['facts']['champion'],
  baseline: VerdictView['facts']['baseline'],
): readonly Compared[] {
  if (champion === null || isOutdated(champion))
    return baseline === null ? [] : [{ title: baselineTitles[baseline.predicts], metrics: baseline.metrics }];
  return 'metrics' in champion ? [{ title: `v${champion.version}`, metrics: champion.metrics }] : [];
}

function numberOr(value: number | undefined): string {
  return value === undefined ? '–' : formatAligned(value);
}

function sentence(summary: string): string {
  const text = capitalized(summary);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

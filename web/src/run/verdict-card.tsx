import type { ReactNode } from 'react';
import type { VerdictView } from '../../../src/client/index.ts';
import { Card, Digest } from '../shell/parts.tsx';
import { metricMeaning, metricTitle } from '../text/metrics.ts';
import { counted, formatAligned, formatNumber } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';

/** The gate's decision and the facts behind it. */
export function VerdictCard({ verdict }: { readonly verdict: VerdictView }): ReactNode {
  const { facts, decision, summary, version, alias } = verdict;
  const promoted = decision.kind === 'promote';
  return (
    <Card
      title="Verdict"
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

function ComparedTable({ verdict }: { readonly verdict: VerdictView }): ReactNode {
  const { rule, candidate, champion, baseline, baselines = {} } = verdict.facts;
  const names = [
    ...new Set([rule.when.metric, ...Object.keys(rule.atLeast ?? {}), ...Object.keys(rule.atMost ?? {})]),
  ];
  const others = [
    ...comparedWith(champion, baseline),
    ...Object.entries(baselines).map(([name, metrics]) => ({ title: name, metrics })),
  ];
  return (
    <>
      <table className="compared">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" className="n">
              v{candidate.version}
            </th>
            {others.map(({ title }) => (
              <th key={title} scope="col" className="n">
                {title}
              </th>
            ))}
            <th scope="col">Needs</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row" title={metricMeaning(name)}>
                {metricTitle(name)}
              </th>
              <td className="n">{numberOr(candidate.metrics[name])}</td>
              {others.map(({ title, metrics }) => (
                <td key={title} className="n">
                  {numberOr(metrics[name])}
                </td>
              ))}
              <td>{needsOf(name, verdict)}</td>
            </tr>
          ))}
        </tbody>
      </table>
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

const titleOf = {
  median: 'Always the median',
  shares: 'The shares of the classes',
  'seasonal-naive': 'The last season',
} as const;

/** What the new version was compared with: the live version, or before there is one the baseline. */
function comparedWith(
  champion: VerdictView['facts']['champion'],
  baseline: VerdictView['facts']['baseline'],
): readonly Compared[] {
  if (champion === null)
    return baseline === null ? [] : [{ title: titleOf[baseline.predicts], metrics: baseline.metrics }];
  return 'metrics' in champion ? [{ title: `v${champion.version}`, metrics: champion.metrics }] : [];
}

function needsOf(name: string, { facts }: VerdictView): string {
  const { when, atLeast = {}, atMost = {} } = facts.rule;
  const [floor, ceiling] = [atLeast[name], atMost[name]];
  const beats = facts.rule.beats?.length ? `${when.better} than ${facts.rule.beats.join(', ')}` : undefined;
  const margin = when.by > 0 ? ` by ${formatNumber(when.by)}` : '';
  return [
    name !== when.metric
      ? undefined
      : facts.champion !== null
        ? `${when.better}${margin}`
        : facts.baseline !== null && facts.rule.first !== 'always'
          ? when.better
          : undefined,
    name === when.metric ? beats : undefined,
    floor === undefined ? undefined : `at least ${formatNumber(floor)}`,
    ceiling === undefined ? undefined : `at most ${formatNumber(ceiling)}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function numberOr(value: number | undefined): string {
  return value === undefined ? '–' : formatAligned(value);
}

function sentence(summary: string): string {
  const text = summary.charAt(0).toUpperCase() + summary.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

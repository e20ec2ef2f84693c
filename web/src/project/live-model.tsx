import type { ReactNode } from 'react';
import {
  formatNumber,
  type MetricView,
  type ModelView,
  type VersionView,
} from '../../../src/client/index.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { Card } from '../shell/parts.tsx';
import { HeldFirst, heldFirst } from './held-first.tsx';
import { formatMetric, metricMeaning } from '../text/metrics.ts';
import { withUnit } from '../text/numbers.ts';

const versionsDrawn = 40;
const othersShown = 4;

interface LiveModelProps {
  readonly model: ModelView;
  /** Whether the card names its model; a project with one model does not need it. */
  readonly named: boolean;
}

/** The live version, why it is live, and its metric across versions. */
export function LiveModel({ model, named }: LiveModelProps): ReactNode {
  const { live } = model;
  const title = named ? model.title : 'Live model';
  if (!live) {
    const held = heldFirst(model);
    return (
      <Card title={title} aside={<span className="tag">none live</span>}>
        <p className="muted">
          {held ? <HeldFirst held={held} /> : `No version has passed yet. One goes live when ${model.rule}.`}
        </p>
        <Course model={model} />
      </Card>
    );
  }
  const [main, ...others] = inOrder(live.metrics, metricOf(model));
  return (
    <Card title={title} aside={<span className="tag accent">@{model.alias}</span>}>
      {main && (
        <p className="big">
          {formatNumber(main.value)} <small title={metricMeaning(main.name)}>{captionOf(main)}</small>
        </p>
      )}
      <p className="muted">{whyLive(model, live)}</p>
      <Course model={model} />
      {others.length > 0 && (
        <dl className="pairs">
          {others.slice(0, othersShown).map((metric) => (
            <div key={metric.name}>
              <dt title={metricMeaning(metric.name)}>{metric.title}</dt>
              <dd>{[formatMetric(metric), metric.unit].filter(Boolean).join(' ')}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}

/** The metric across versions; the point of a held version is hollow. */
function Course({ model }: { readonly model: ModelView }): ReactNode {
  const name = metricOf(model);
  const points = model.versions
    .slice(0, versionsDrawn)
    .toReversed()
    .flatMap((version) => {
      const metric = version.metrics.find((candidate) => candidate.name === name);
      if (!metric) return [];
      return {
        key: version.version,
        value: metric.value,
        testData: version.testData,
        label: `Version ${version.version}: ${metric.title} ${withUnit(metric.value, metric.unit)}`,
        hollow: version.verdict?.decision.kind === 'hold',
        chosen: version.version === model.live?.version,
      };
    });
  if (points.length < 2) return null;
  return (
    <Sparkline points={points} title={`${name} from version ${points[0]?.key} to ${points.at(-1)?.key}`} />
  );
}

/** The metric of the promotion rule, or the first one. */
function metricOf({ live, versions }: ModelView): string | undefined {
  const version = live ?? versions[0];
  return version?.verdict?.facts.rule.when.metric ?? version?.metrics[0]?.name;
}

function captionOf({ name, title, unit }: MetricView): string {
  if (name === 'mae') return `${unit ?? ''} off on average (${title})`.trim();
  return unit === null ? title : `${title}, ${unit}`;
}

function inOrder(metrics: readonly MetricView[], first: string | undefined): readonly MetricView[] {
  return metrics.toSorted((a, b) => Number(b.name === first) - Number(a.name === first));
}

function whyLive(model: ModelView, live: VersionView): string {
  const move = model.history.find(({ to }) => to === live.version);
  if (move && move.by !== 'gate') return `Version ${live.version} was put live by ${move.by}.`;
  const reason = live.verdict?.summary.replace(/^promoted:?\s*/i, '') ?? '';
  if (reason === '') return `Version ${live.version} passed the gate.`;
  return `Version ${live.version} was promoted: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}`;
}

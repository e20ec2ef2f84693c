import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { formatDuration, type RunView } from '../../../src/client/index.ts';
import { Bars } from '../charts/bars.tsx';
import { useLive } from '../project/live.ts';
import { Warnings } from '../project/notices.tsx';
import { RunTag } from '../project/verdict-tag.tsx';
import { formatReason } from '../project/format-task.ts';
import { projectQuery, reportQuery, runQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';
import { Card, ErrorNote, useLimit } from '../shell/parts.tsx';
import { formatMetric, metricMeaning } from '../text/metrics.ts';
import { Ago, useNow } from '../text/times.tsx';
import { Params } from './params.tsx';
import { Tasks } from './tasks.tsx';
import { Trials } from './trials.tsx';
import { VerdictCard } from './verdict-card.tsx';
import '../project/project.css';
import './run.css';

const route = getRouteApi('/projects/$project/runs/$run');
const importancesShown = 12;

/** Its charts load after the rest of the page. */
const Report = lazy(async () => ({ default: (await import('./report/report.tsx')).Report }));

export function RunPage(): ReactNode {
  const { project: projectName, run: id } = route.useParams();
  const { data: run } = useSuspenseQuery(runQuery(id));
  const { data: project } = useQuery(projectQuery(projectName));
  const report = useQuery(reportQuery(id, run.endedAt));
  const hasImportances = report.data?.models.some((of) => of.report?.importances) ?? report.isPending;
  useLive(projectName);
  const verdicts = run.models.flatMap(({ verdict }) => verdict ?? []);
  return (
    <Page
      title={run.name}
      crumbs={[{ text: projectName, project: projectName }, { text: run.name }]}
      simulated={project?.simulated ?? []}
    >
      <div className="heading">
        <h1>{run.name}</h1>
        <RunTag run={run} />
      </div>
      <RunLead run={run} />
      {run.failed && <ErrorNote error={run.failed.error} title={`It failed at ${run.failed.task}.`} />}
      <Warnings
        texts={run.models.flatMap(({ model, version, notJudged, warnings }) =>
          [...(notJudged ? [`Version ${version} was not judged: ${notJudged}`] : []), ...warnings].map(
            (text) => (run.models.length > 1 ? `${model}: ${text}` : text),
          ),
        )}
      />
      <Metrics run={run} />
      <div className="run-grid">
        <div className="run-main">
          <Tasks run={run} />
          <Trials trials={run.trials} isCut={run.moreTrials} />
        </div>
        <div className="run-side">
          {verdicts.map((verdict) => (
            <VerdictCard key={verdict.id} verdict={verdict} isOnly={run.models.length === 1} />
          ))}
          {!hasImportances && <Importances run={run} />}
          <Params params={run.params} />
        </div>
      </div>
      {report.data && (
        <Suspense fallback={null}>
          <Report report={report.data} />
        </Suspense>
      )}
    </Page>
  );
}

function RunLead({ run }: { readonly run: RunView }): ReactNode {
  const now = useNow(1000);
  const took = formatDuration(Math.max(0, (run.endedAt ?? now) - run.startedAt));
  const hits = run.tasks.filter(({ status }) => status === 'hit').length;
  return (
    <p className="lead">
      Started <Ago at={run.startedAt} /> {formatReason(run.why)}
      {run.endedAt === null ? `, running for ${took}` : `, took ${took}`}.
      {hits > 0 &&
        ` ${hits} of its ${run.tasks.length} tasks ${hits === 1 ? 'was' : 'were'} unchanged and not run again.`}
    </p>
  );
}

function Metrics({ run }: { readonly run: RunView }): ReactNode {
  return run.models
    .filter(({ metrics }) => metrics.length > 0)
    .map(({ model, metrics }) => (
      <section key={model} aria-label={`Metrics of ${model}`}>
        {run.models.length > 1 && <h2>{model}</h2>}
        <dl className="figures">
          {metrics.map((metric) => (
            <div key={metric.name}>
              <dt title={metricMeaning(metric.name)}>
                {metric.title}
                {metric.unit !== null && `, ${metric.unit}`}
              </dt>
              <dd>{formatMetric(metric)}</dd>
            </div>
          ))}
        </dl>
      </section>
    ));
}

function Importances({ run }: { readonly run: RunView }): ReactNode {
  const { importances } = run;
  const [limit, more] = useLimit(importances.length, importancesShown);
  if (importances.length === 0) return null;
  const bars = importances
    .slice(0, limit)
    .map(({ feature, title, share }) => ({ key: feature, title, share }));
  return (
    <Card title="What the model looks at" aside={<span className="faint">share of the gain</span>}>
      <Bars bars={bars} />
      {more}
    </Card>
  );
}

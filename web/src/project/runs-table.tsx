import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import {
  changesOfTestData,
  formatDuration,
  type ProjectView,
  type RunRow,
} from '../../../src/client/index.ts';
import { runsQuery } from '../queries.ts';
import { Card, ErrorNote } from '../shell/parts.tsx';
import { formatAligned } from '../text/numbers.ts';
import { formatMetric, metricMeaning } from '../text/metrics.ts';
import { Ago } from '../text/times.tsx';
import { asErrorBody } from '../shell/error-body.ts';
import { columnsOf, decisiveMetrics, type MetricColumn, valueIn } from './metric-columns.ts';
import { OtherTestRows } from './other-test-rows.tsx';
import { RunTag } from './verdict-tag.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';

const metricsShown = 3;
/** Run, started, why, took, verdict. */
const otherColumns = 5;

/** The models of runs whose figures are of other test rows than those above. */
type ChangedModels = ReadonlySet<RunRow['models'][number]>;

export function RunsTable({ project }: { readonly project: ProjectView }): ReactNode {
  const runs = useInfiniteQuery(runsQuery(project.name));
  const rows = runs.data?.pages.flatMap((page) => page.runs) ?? [];
  // Models differ in their metrics, so a run of several lists one for each.
  const several = rows.some(({ models }) => models.length > 1);
  const columns = several
    ? []
    : columnsOf(rows.flatMap(({ models }) => models.map(({ metrics }) => metrics))).slice(0, metricsShown);
  const changed = changesOfTestData(rows.flatMap(({ models }) => models));
  return (
    <Card title="Recent runs">
      {runs.error && <ErrorNote error={asErrorBody(runs.error)} />}
      {runs.isSuccess && rows.length === 0 && (
        <p className="muted">No runs yet. Results appear here after the first run.</p>
      )}
      {rows.length > 0 && (
        <ScrollArea label="Table of the runs">
          <table className="runs folding">
            <thead>
              <tr>
                <th scope="col">Run</th>
                <th scope="col">Started</th>
                <th scope="col">Why</th>
                <th scope="col" className="n">
                  Took
                </th>
                {columns.map((column) => (
                  <th key={column.name} scope="col" className="n" title={metricMeaning(column.name)}>
                    {column.title}
                  </th>
                ))}
                {several && <th scope="col">Metrics</th>}
                <th scope="col">Verdict</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((run) => (
                <Fragment key={run.id}>
                  {!several && run.models.some((model) => changed.has(model)) && (
                    <OtherTestRows what="runs" columns={columns.length + otherColumns} />
                  )}
                  <Row run={run} columns={several ? changed : columns} />
                </Fragment>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
      {runs.hasNextPage && (
        <button
          type="button"
          className="quiet more"
          aria-disabled={runs.isFetchingNextPage}
          onClick={() => !runs.isFetchingNextPage && void runs.fetchNextPage()}
        >
          {runs.isFetchingNextPage ? 'Loading older runs' : 'Show older runs'}
        </button>
      )}
    </Card>
  );
}

function Row({
  run,
  columns,
}: {
  readonly run: RunRow;
  /** The columns of a run with one model; otherwise the metrics are listed by model. */
  readonly columns: readonly MetricColumn[] | ChangedModels;
}): ReactNode {
  const metrics = run.models.flatMap((model) => model.metrics);
  return (
    <tr>
      <th scope="row">
        <Link to="/projects/$project/runs/$run" params={{ project: run.project, run: run.id }}>
          {run.name}
        </Link>
      </th>
      <td>
        <Ago at={run.startedAt} />
      </td>
      <td>{run.why}</td>
      <td className="n">{run.endedAt === null ? '–' : formatDuration(run.endedAt - run.startedAt)}</td>
      {'has' in columns ? (
        <td data-label="Metrics">
          <MetricsByModel run={run} changed={columns} />
        </td>
      ) : (
        columns.map((column, index) => (
          <td key={column.name} className={index === 0 ? 'n main' : 'n extra'} data-label={column.title}>
            {valueIn(metrics, column, formatAligned)}
          </td>
        ))
      )}
      <td className="tail">
        <RunTag run={run} />
      </td>
    </tr>
  );
}

function MetricsByModel({
  run,
  changed,
}: {
  readonly run: RunRow;
  readonly changed: ChangedModels;
}): ReactNode {
  const metrics = decisiveMetrics(run.models);
  if (metrics.length === 0) return '–';
  const others = new Set(
    [...changed].filter((model) => run.models.includes(model)).map(({ model }) => model),
  );
  return metrics.map(({ model, metric }) => (
    <div key={model} title={metricMeaning(metric.name)}>
      <span className="muted">{model}</span>{' '}
      {[metric.title, formatMetric(metric), metric.unit].filter(Boolean).join(' ')}
      {others.has(model) && (
        <span className="faint" title="Do not compare it with the runs above.">
          {' '}
          on other test rows
        </span>
      )}
    </div>
  ));
}

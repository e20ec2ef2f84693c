import type { JobRow } from '../../api/job-views.ts';
import type { FoundRun, RunsFound } from '../../api/run-views.ts';
import { testDataTag } from '../../lifecycle/gate/test-data.ts';
import { formatMetric } from '../../registry/format-metric.ts';
import { defineCommand } from '../command.ts';
import { listWaiting } from '../output/job-queue-text.ts';
import { nestRuns, parentOf } from '../output/nest-runs.ts';
import { paint, type Terminal } from '../output/terminal.ts';

/** Metrics of a run in a line of the table. */
const mostMetrics = 3;
/** Characters that tell digests of test data apart. */
const testDataLength = 8;

export const runs = defineCommand({
  name: 'runs',
  summary: 'search runs of the pipeline and of MLflow clients',
  needs: 'server',
  options: {
    filter: { kind: 'text', value: 'filter', help: "MLflow's filter; OR and parentheses work too" },
    experiment: { kind: 'list', value: 'name', help: 'only of these experiments, by name or id' },
    orderBy: {
      kind: 'list',
      value: 'order',
      help: "'metrics.mae ASC' (default: the latest started first)",
    },
    deleted: { kind: 'flag', help: 'list deleted runs' },
    limit: { kind: 'number', value: 'number', help: 'how many', from: 1, to: 1000, default: 20 },
    offset: {
      kind: 'number',
      value: 'number',
      help: 'how many to skip',
      from: 0,
      to: 1_000_000_000,
      default: 0,
    },
  },
  examples: [
    'modelyard runs',
    `modelyard runs --filter "metrics.mae < 15 OR tags.kind = 'baseline'" --order-by 'metrics.mae ASC'`,
    "modelyard runs --experiment churn --json | jq '.runs[].id'",
  ],
  async run({ filter, experiment, orderBy, deleted, limit, offset }, context) {
    await using connection = await context.connect();
    const found = await connection.operations.searchRuns({
      limit,
      offset,
      ...(filter !== undefined && { filter }),
      ...(experiment && { experiments: [...experiment] }),
      ...(orderBy && { orderBy: [...orderBy] }),
      ...(deleted && { lifecycle: 'deleted' }),
    });
    const isSearch = filter !== undefined || deleted === true || offset > 0;
    const recorded = new Set(found.runs.map(({ id }) => id));
    const waiting = isSearch ? [] : await listWaiting(connection.operations, recorded);
    const jobs = waiting.filter(({ project }) => experiment?.includes(project) ?? true);
    context.result({ ...found, jobs }, () =>
      runsText({ ...found, jobs }, { sorted: orderBy !== undefined, terminal: context.terminal }),
    );
    return 0;
  },
});

interface Listed extends RunsFound {
  /** Runs of the pipeline that wait, or have recorded nothing yet. */
  readonly jobs: readonly JobRow[];
}

function runsText({ runs, next, jobs }: Listed, { sorted, terminal }: Layout): string {
  if (runs.length + jobs.length === 0) return 'No runs found.';
  const listed = sorted ? runs.map((run) => ({ run, depth: 0 })) : nestRuns(runs);
  const hasTestData = runs.some(({ tags }) => tags[testDataTag] !== undefined);
  const rows = [
    ['RUN', 'NAME', 'EXPERIMENT', 'STATUS', 'STARTED', 'METRICS', ...(hasTestData ? ['TEST ROWS'] : [])],
    ...jobs.map(jobCells),
    ...listed.map(({ run, depth }) => cells(run, depth)),
  ];
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...rest] = lines;
  const nested = runs.filter((run) => parentOf(run) !== undefined).length;
  return [
    paint(head, 'bold', terminal),
    ...rest,
    ...(nested === 0 ? [] : [`${formatRuns(runs.length)}, ${nested} of them nested in another run`]),
    ...(next === null ? [] : [`More: --offset ${next}`]),
  ].join('\n');
}

interface Layout {
  /** Whether the caller chose the order: then no run moves below the run that it is nested in. */
  readonly sorted: boolean;
  readonly terminal: Terminal;
}

function formatRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

function jobCells({ id, project, status, queuedAt, startedAt }: JobRow): readonly string[] {
  return [id, '', project, status.toUpperCase(), formatTime(startedAt ?? queuedAt), ''];
}

function formatTime(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').slice(0, 16);
}

function cells(
  { id, name, experiment, status, startedAt, metrics, tags }: FoundRun,
  depth: number,
): readonly string[] {
  const measured = Object.entries(metrics)
    .slice(0, mostMetrics)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? formatMetric(value) : value}`);
  return [
    id,
    `${'  '.repeat(depth)}${depth === 0 ? '' : '└ '}${name}`,
    experiment.name,
    status,
    formatTime(startedAt),
    measured.join(', '),
    // Only metrics of the same test rows can be compared.
    tags[testDataTag]?.slice(0, testDataLength) ?? '',
  ];
}

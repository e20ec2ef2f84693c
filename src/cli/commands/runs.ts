import type { FoundRun, RunsFound } from '../../api/run-views.ts';
import { formatMetric } from '../../registry/format-metric.ts';
import { defineCommand } from '../command.ts';
import { paint, type Terminal } from '../terminal.ts';

/** Metrics of a run in a line of the table. */
const mostMetrics = 3;

export const runs = defineCommand({
  name: 'runs',
  summary: 'search runs of the pipeline and of MLflow clients',
  needs: 'server',
  options: {
    filter: { kind: 'text', value: 'filter', help: "MLflow's filter, with OR and parentheses" },
    experiment: { kind: 'list', value: 'name', help: 'only of these experiments, by name or id' },
    orderBy: {
      kind: 'list',
      value: 'order',
      help: "'metrics.mae ASC' (default: the latest started first)",
    },
    deleted: { kind: 'flag', help: 'deleted runs' },
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
    context.result(found, () => runsText(found, context.terminal));
    return 0;
  },
});

function runsText({ runs, next }: RunsFound, terminal: Terminal): string {
  if (runs.length === 0) return 'No runs found.';
  const rows = [['RUN', 'NAME', 'EXPERIMENT', 'STATUS', 'STARTED', 'METRICS'], ...runs.map(cells)];
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
  return [paint(head, 'bold', terminal), ...rest, ...(next === null ? [] : [`More: --offset ${next}`])].join(
    '\n',
  );
}

function cells({ id, name, experiment, status, startedAt, metrics }: FoundRun): readonly string[] {
  const measured = Object.entries(metrics)
    .slice(0, mostMetrics)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? formatMetric(value) : value}`);
  const started = new Date(startedAt).toISOString().replace('T', ' ').slice(0, 16);
  return [id, name, experiment.name, status, started, measured.join(', ')];
}

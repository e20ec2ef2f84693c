import type { FoundRun, RunsFound } from '../../api/run-views.ts';
import { formatMetric } from '../../registry/format-metric.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { connectRecords } from '../records.ts';
import { paint, type Terminal } from '../terminal.ts';
import type { CommandContext, ExitCode } from './context.ts';

export interface RunsFlags {
  readonly server?: string;
  readonly filter?: string;
  /** Names or ids. @default all */
  readonly experiment?: readonly string[];
  readonly orderBy?: readonly string[];
  readonly deleted?: boolean;
  readonly limit?: string;
  readonly offset?: string;
}

/** Metrics of a run in a line of the table. */
const mostMetrics = 3;

/** `modelyard runs`: the runs that a filter finds. */
export async function runsCommand(flags: RunsFlags, context: CommandContext): Promise<ExitCode> {
  const { filter, experiment, orderBy, deleted } = flags;
  const limit = wholeNumber('--limit', flags.limit ?? '20', [1, 1000]);
  const offset = wholeNumber('--offset', flags.offset ?? '0', [0, 1_000_000_000]);
  await using connection = await connectRecords(context, flags.server);
  const found = await connection.operations.searchRuns({
    limit,
    offset,
    ...(filter !== undefined && { filter }),
    ...(experiment && { experiments: [...experiment] }),
    ...(orderBy && { orderBy: [...orderBy] }),
    ...(deleted && { lifecycle: 'deleted' }),
  });
  const { terminal, json } = context;
  terminal.out(json ? JSON.stringify(found, null, 2) : runsText(found, terminal));
  return 0;
}

export interface MoveFlags {
  readonly server?: string;
  readonly nested?: boolean;
}

/** `modelyard runs move`: runs to another experiment. */
export async function moveRunsCommand(
  { experiment, runs }: { readonly experiment: string; readonly runs: readonly string[] },
  { server, nested = false }: MoveFlags,
  context: CommandContext,
): Promise<ExitCode> {
  await using connection = await connectRecords(context, server);
  const moved = await connection.operations.moveRuns({ experiment, runs: [...runs], nested });
  const { terminal, json } = context;
  const count = moved.moved.length;
  terminal.out(
    json
      ? JSON.stringify(moved, null, 2)
      : `${count === 1 ? '1 run' : `${count} runs`} moved to ${experiment}.`,
  );
  return 0;
}

function wholeNumber(
  field: string,
  text: string,
  [least, most]: readonly [least: number, most: number],
): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new PlatformError('CONFIG_INVALID', {
    field,
    value: text,
    remedy: `must be a whole number from ${least} to ${most}`,
  });
}

function runsText({ runs, next }: RunsFound, terminal: Terminal): string {
  if (runs.length === 0) return 'No run is found.';
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

import type { Target } from '../../project/kind.ts';
import { reliability } from '../metrics/boolean.ts';
import type { ScoredRows } from '../metrics/metrics-of.ts';
import type { Values } from '../metrics/rows.ts';
import { selectScored } from '../metrics/scored-rows.ts';
import { finite, lossOf, type ReportMetrics, reportMetrics } from './scored-part.ts';
import { type SegmentedColumn, segmentsOf, similarParts } from './segments.ts';

/** What happened and what was predicted, beside simpler predictions of the same rows. */
export interface ReportRows {
  readonly target: Target;
  readonly version: ScoredRows;
  /** By name: the best constant, and the project's baselines. */
  readonly others: Readonly<Record<string, ScoredRows>>;
  /** The row of the table for each scored row. */
  readonly row: Values;
  /** Columns of the scored rows that a caller sends, to find where the model is wrong. */
  readonly columns: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
  /** The column that orders rows in time. @default no errors over time */
  readonly time?: string;
}

/** The metrics of some rows, beside those of simpler predictions. */
export interface ReportPart {
  readonly rows: number;
  readonly metrics: ReportMetrics;
  readonly others: Readonly<Record<string, ReportMetrics>>;
}

/** Where a version is right and where it is wrong, as JSON. */
export interface Report extends ReportPart {
  readonly format: 1;
  readonly target: Target;
  /** Of numbers: truth − prediction. */
  readonly residuals?: Residuals;
  /** Of yes or no, one; of classes, one a class: what was predicted and what happened, by bins of the probability. */
  readonly reliability?: readonly { readonly class: string; readonly bins: readonly ReportBin[] }[];
  /** By column: groups of rows with equal or similar values. */
  readonly segments: readonly {
    readonly column: string;
    readonly groups: readonly (ReportPart & { readonly value: string })[];
  }[];
  /** In the order of time, parts of about equal size. */
  readonly overTime: readonly (ReportPart & { readonly from: string; readonly to: string })[];
  /** The rows with the largest loss, the worst first. */
  readonly worst: readonly WorstRow[];
}

interface Residuals {
  /** By share: '0.05' is the value that 5 % of the residuals are below. */
  readonly quantiles: Readonly<Record<string, number | null>>;
  readonly histogram: { readonly from: number; readonly to: number; readonly counts: readonly number[] };
}

interface ReportBin {
  readonly rows: number;
  readonly meanProbability: number | null;
  readonly shareOfYes: number | null;
}

interface WorstRow {
  /** Of the model's rows, from 0. */
  readonly row: number;
  readonly loss: number | null;
  readonly truth: string | number | boolean;
  readonly predicted: number | Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, string | number | boolean | null>>;
}

const worstRows = 20;
const timeParts = 12;
const bins = 20;
const shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

export function reportOf(rows: ReportRows): Report {
  const { target, version, columns, time } = rows;
  const all = Array.from(version.truth, (_, index) => index);
  const classes = target.kind === 'number' ? undefined : reliabilityOf(version, target);
  return {
    format: 1,
    target,
    ...measure(rows, all),
    ...(version.kind === 'number' && all.length > 0 && { residuals: residualsOf(version) }),
    ...(classes && { reliability: classes }),
    segments: Object.entries(columns).flatMap(([column, values]) =>
      column === time ? [] : segmentPart(rows, { column, values }),
    ),
    overTime: time === undefined ? [] : overTime(rows, columns[time] ?? []),
    worst: worstOf(rows, all),
  };
}

function measure({ version, others }: ReportRows, indexes: readonly number[]): ReportPart {
  return {
    rows: indexes.length,
    metrics: reportMetrics(selectScored(version, indexes)),
    others: Object.fromEntries(
      Object.entries(others).map(([name, scored]) => [name, reportMetrics(selectScored(scored, indexes))]),
    ),
  };
}

function segmentPart(rows: ReportRows, column: SegmentedColumn): Report['segments'] {
  const groups = segmentsOf(column);
  if (groups.length < 2) return [];
  return [
    {
      column: column.column,
      groups: groups.map(({ value, rows: indexes }) => ({ value, ...measure(rows, indexes) })),
    },
  ];
}

/** Rows with an equal time are in one part. */
function overTime(rows: ReportRows, times: ReportRows['columns'][string]): Report['overTime'] {
  const order = Array.from(times.keys()).toSorted((a, b) => compare(times[a] ?? null, times[b] ?? null));
  return similarParts(order, timeParts, times).map((part) => ({
    from: String(times[part[0] as number]),
    to: String(times[part.at(-1) as number]),
    ...measure(rows, part),
  }));
}

function compare(one: string | number | boolean | null, other: string | number | boolean | null): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
}

function residualsOf({ truth, predicted }: ScoredRows & { readonly kind: 'number' }): Residuals {
  const sorted = Float64Array.from(truth, (value, row) => value - (predicted[row] as number)).toSorted();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
  const [from, to] = [sorted[0] as number, sorted.at(-1) as number];
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of sorted) {
    const bin = Math.min(bins - 1, Math.floor(((value - from) / (to - from || 1)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    quantiles: Object.fromEntries(shares.map((share) => [String(share), finite(at(share))])),
    histogram: { from, to, counts },
  };
}

function reliabilityOf(
  version: ScoredRows,
  target: Exclude<Target, { readonly kind: 'number' }>,
): Report['reliability'] {
  if (version.kind === 'number') return undefined;
  const names = target.kind === 'class' ? target.classes : ['true'];
  return names.map((name, index) => {
    const scored =
      version.kind === 'boolean'
        ? version
        : {
            truth: Array.from(version.truth, (value) => Number(value === index)),
            probability: version.probabilities[index] ?? [],
          };
    const plotted = reliability(scored).map(({ rows, meanProbability, shareOfYes }) => ({
      rows,
      meanProbability: finite(meanProbability),
      shareOfYes: finite(shareOfYes),
    }));
    return { class: name, bins: plotted };
  });
}

function worstOf({ target, version, row, columns }: ReportRows, all: readonly number[]): readonly WorstRow[] {
  const losses = all.map((index) => lossOf(version, index));
  return all
    .toSorted((a, b) => (losses[b] as number) - (losses[a] as number))
    .slice(0, worstRows)
    .map((index) => ({
      row: row[index] as number,
      loss: finite(losses[index]),
      truth: truthOf(target, version.truth[index] as number),
      predicted: predictedOf(target, version, index),
      values: Object.fromEntries(
        Object.entries(columns).map(([name, values]) => [name, values[index] ?? null]),
      ),
    }));
}

function truthOf(target: Target, truth: number): string | number | boolean {
  if (target.kind === 'number') return truth;
  return target.kind === 'boolean' ? truth === 1 : (target.classes[truth] ?? '');
}

function predictedOf(target: Target, version: ScoredRows, index: number): WorstRow['predicted'] {
  switch (version.kind) {
    case 'number':
      return version.predicted[index] as number;
    case 'boolean':
      return { true: version.probability[index] as number };
    case 'class': {
      const names = target.kind === 'class' ? target.classes : [];
      return Object.fromEntries(
        names.map((name, at) => [name, version.probabilities[at]?.[index] as number]),
      );
    }
  }
}

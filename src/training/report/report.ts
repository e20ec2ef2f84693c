import type { Target } from '../../project/models/kind.ts';
import { reliability } from '../metrics/boolean.ts';
import type { ScoredRows } from '../metrics/metrics-of.ts';
import type { Values } from '../metrics/rows.ts';
import { selectScored } from '../metrics/scored-rows.ts';
import { type Confusion, confusionOf } from './confusion.ts';
import { type Cutoffs, cutoffsOf } from './cutoffs.ts';
import type { Importances } from './importances.ts';
import { type Residuals, residualsOf } from './residuals.ts';
import { type Scatter, scatterOf } from './scatter.ts';
import { type RocPoint, rocOf } from './roc.ts';
import { finite, lossOf, type ReportMetrics, reportMetrics } from './scored-part.ts';
import { type Segment, segmentsOf, similarParts } from './segments.ts';
import { shortened, type WorstRow, worstOf } from './worst.ts';

/** What happened and what was predicted, beside simpler predictions of the same rows. */
export interface ReportRows {
  readonly target: Target;
  readonly version: ScoredRows;
  /** By name: the best constant, and the project's baselines. */
  readonly others: Readonly<Record<string, ScoredRows>>;
  /** What the best constant is. @default not in the report */
  readonly constant?: NonNullable<Report['constant']>;
  /** The row of the table for each scored row. */
  readonly row: Values;
  /** Columns of the scored rows that a caller sends, in the caller's order, to find where the model is wrong. */
  readonly columns: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
  /** The column that orders rows in time. @default no errors over time */
  readonly time?: string;
  /** @default not in the report */
  readonly importances?: Importances | undefined;
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
  /** What the best constant is. Absent in reports of earlier releases. */
  readonly constant?: 'median' | 'mean' | 'shares' | undefined;
  /** The columns in the caller's order, of numbers with the smallest and the largest. */
  readonly columns?:
    | readonly { readonly name: string; readonly range?: readonly [low: number, high: number] | undefined }[]
    | undefined;
  /** Of numbers: truth − prediction. */
  readonly residuals?: Residuals | undefined;
  /** Of numbers. */
  readonly scatter?: Scatter | undefined;
  /** Of yes or no. */
  readonly cutoffs?: Cutoffs | undefined;
  /** Of yes or no, the corners of the ROC curve. Absent in reports of earlier releases, and without a yes or a no. */
  readonly roc?: readonly RocPoint[] | undefined;
  /** Of classes. */
  readonly confusion?: Confusion | undefined;
  /**
   * Of yes or no, one; of classes, one a class, of the most frequent ones: what was predicted and what happened, by bins of
   * the probability.
   */
  readonly reliability?:
    | readonly { readonly class: string; readonly bins: readonly ReportBin[] }[]
    | undefined;
  /** By column, those where the losses differ most first: groups of rows with equal or similar values. */
  readonly segments: readonly {
    readonly column: string;
    /** Of a range of numbers, `range` has its ends. */
    readonly groups: readonly (ReportPart & {
      readonly value: string;
      readonly range?: readonly [from: number, to: number] | undefined;
    })[];
  }[];
  /** In the order of time, parts of about equal size. */
  readonly overTime: readonly (ReportPart & { readonly from: string; readonly to: string })[];
  /** The rows with the largest loss, the worst first. */
  readonly worst: readonly WorstRow[];
  /** Which features the predictions rely on, the most important first. */
  readonly importances?: Importances | undefined;
}

interface ReportBin {
  readonly rows: number;
  readonly meanProbability: number | null;
  readonly shareOfYes: number | null;
}

const timeParts = 12;
const mostColumns = 40;
const mostClasses = 12;

export function reportOf(rows: ReportRows): Report {
  const { target, version, columns, time, importances, constant } = rows;
  const all = Array.from(version.truth, (_, index) => index);
  const classes = target.kind === 'number' ? undefined : reliabilityOf(version, target);
  return {
    format: 1,
    target,
    ...(constant && { constant }),
    ...measure(rows, all),
    columns: Object.entries(columns).map(([name, values]) => {
      const range = rangeOf(values);
      return { name, ...(range && { range }) };
    }),
    ...kindParts(version, target),
    ...(classes && { reliability: classes }),
    segments: columnsThatDiffer(rows).map((column) => segmentPart(rows, column)),
    overTime: time === undefined ? [] : overTime(rows, columns[time] ?? []),
    worst: worstOf(rows),
    ...(importances && { importances }),
  };
}

/** Undefined without a number, and for other values. */
function rangeOf(
  values: readonly (string | number | boolean | null)[],
): readonly [low: number, high: number] | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    if (typeof value !== 'number') return undefined;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : undefined;
}

/** What only reports of this kind of target have. */
function kindParts(
  version: ScoredRows,
  target: Target,
): Pick<Report, 'residuals' | 'scatter' | 'cutoffs' | 'roc' | 'confusion'> {
  if (version.truth.length === 0) return {};
  switch (version.kind) {
    case 'number':
      return { residuals: residualsOf(version), scatter: scatterOf(version) };
    case 'boolean': {
      const [cutoffs, roc] = [cutoffsOf(version), rocOf(version)];
      return { ...(cutoffs && { cutoffs }), ...(roc && { roc }) };
    }
    case 'class': {
      const confusion = confusionOf(version, target.kind === 'class' ? target.classes : []);
      return confusion ? { confusion } : {};
    }
  }
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

/** Columns that have more than one segment, those whose segments' mean losses differ most first. */
function columnsThatDiffer({ version, columns, time }: ReportRows): readonly DividedColumn[] {
  const explained = explainedBy(Float64Array.from(version.truth, (_, index) => lossOf(version, index)));
  return Object.entries(columns)
    .filter(([column]) => column !== time)
    .map(([column, values]) => ({ column, groups: segmentsOf({ column, values }) }))
    .filter(({ groups }) => groups.length > 1)
    .map((divided) => ({ ...divided, explained: explained(divided.groups) }))
    .toSorted((a, b) => b.explained - a.explained)
    .slice(0, mostColumns);
}

interface DividedColumn {
  readonly column: string;
  readonly groups: readonly Segment[];
}

/** The sum of squares between groups of losses, without what chance alone gives for so many groups. */
function explainedBy(losses: Float64Array): (groups: readonly Segment[]) => number {
  const count = losses.length;
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / count;
  const total = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
  return (groups) => {
    const between = groups.reduce((sum, { rows }) => {
      const ofGroup = rows.reduce((all, row) => all + (losses[row] as number), 0) / rows.length;
      return sum + rows.length * (ofGroup - mean) ** 2;
    }, 0);
    const explained = between - ((groups.length - 1) * total) / Math.max(1, count - 1);
    return Number.isFinite(explained) ? explained : 0;
  };
}

function segmentPart(rows: ReportRows, { column, groups }: DividedColumn): Report['segments'][number] {
  return {
    column,
    groups: groups.map(({ value, range, rows: indexes }) => ({
      value: shortened(value),
      ...(range && { range }),
      ...measure(rows, indexes),
    })),
  };
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

function reliabilityOf(
  version: ScoredRows,
  target: Exclude<Target, { readonly kind: 'number' }>,
): Report['reliability'] {
  if (version.kind === 'number') return undefined;
  const names = target.kind === 'class' ? target.classes : ['true'];
  const counts = names.map(() => 0);
  for (const value of version.truth) counts[value] = (counts[value] ?? 0) + 1;
  const frequent = [...names.keys()]
    .toSorted((a, b) => (counts[b] as number) - (counts[a] as number))
    .slice(0, mostClasses);
  return frequent.map((index) => {
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
    return { class: names[index] as string, bins: plotted };
  });
}

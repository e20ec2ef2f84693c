import type { ReportMetricView, ReportValues, ReportView } from '../api/report-views.ts';
import type { Model } from '../project/models/model.ts';
import { metricBetter, metricTitle, metricUnit } from '../registry/format-metric.ts';
import type { Report, ReportPart } from '../training/report/report.ts';
import { titleOf } from './format.ts';
import { targetUnit } from './model-views.ts';

/** The report of the live version about the same rows. */
export interface ComparedReport {
  readonly version: number;
  readonly report: Report;
}

interface ReportOptions {
  /** Absent if the project file does not have it any more. */
  readonly model: Model | undefined;
  /** Null before the gate has registered it. */
  readonly version: number | null;
  /** Absent if the version was not compared. */
  readonly champion: ComparedReport | undefined;
}

/** A report for people: one metric in every part, beside the champion and the best constant. */
export function reportView(report: Report, { model, version, champion }: ReportOptions): ReportView {
  const other = champion?.report;
  const unit = model ? targetUnit(model) : null;
  const names = namesOf(report, model);
  const viewOf = (name: string): ReportMetricView => ({
    name,
    title: metricTitle(name),
    unit: metricUnit(name, unit),
    better: metricBetter(name),
  });
  const metric = shownMetric(names, model);
  const valuesOf = (part: ReportPart, otherPart: ReportPart | undefined): ReportValues =>
    metric === undefined ? unknown : valuesBeside(metric, part, otherPart);
  const { kind } = report.target;
  return {
    target: report.target,
    unit,
    rows: report.rows,
    version,
    champion: champion ? { version: champion.version } : null,
    constant: report.others['constant'] ? (kind === 'number' ? 'median' : 'shares') : null,
    metric: metric === undefined ? null : viewOf(metric),
    metrics: names.map((name) => ({ ...viewOf(name), ...valuesBeside(name, report, other) })),
    residuals: report.residuals ? { version: report.residuals, champion: other?.residuals ?? null } : null,
    reliability: (report.reliability ?? []).map(({ class: name, bins }) => ({
      class: name,
      version: bins,
      champion: other?.reliability?.find((each) => each.class === name)?.bins ?? null,
    })),
    segments: report.segments.map(({ column, groups }) => {
      const others = other?.segments.find((each) => each.column === column)?.groups ?? [];
      return {
        column,
        title: titleOf(column),
        groups: groups.map((group) => ({
          name: group.value,
          rows: group.rows,
          ...valuesOf(
            group,
            others.find(({ value, rows }) => value === group.value && rows === group.rows),
          ),
        })),
      };
    }),
    overTime: report.overTime.map((part) => ({
      from: part.from,
      to: part.to,
      rows: part.rows,
      ...valuesOf(
        part,
        other?.overTime.find(({ from, rows }) => from === part.from && rows === part.rows),
      ),
    })),
    worst: report.worst.map(({ row, values, ...worst }) => ({
      ...worst,
      row: row + 1,
      values: Object.entries(values).map(([name, value]) => ({ title: titleOf(name), value })),
    })),
    importances: report.importances
      ? {
          ...report.importances,
          features: report.importances.features.map(({ feature, increase }) => ({
            feature,
            title: titleOf(feature),
            increase,
          })),
        }
      : null,
  };
}

const unknown: ReportValues = { value: null, champion: null, constant: null };

function valuesBeside(name: string, part: ReportPart, other: ReportPart | undefined): ReportValues {
  const valueOf = (metrics: Readonly<Record<string, number | null>> | undefined): number | null =>
    metrics?.[name] ?? null;
  return {
    value: valueOf(part.metrics),
    champion: valueOf(other?.metrics),
    constant: valueOf(part.others['constant']),
  };
}

/** The model's metrics, as far as the report has them; all of the report's if it has none of those. */
function namesOf({ metrics }: Report, model: Model | undefined): readonly string[] {
  const declared = (model?.metrics ?? []).filter((name) => Object.hasOwn(metrics, name));
  return declared.length > 0 ? declared : Object.keys(metrics);
}

/** The metric of the promotion rule, or the model's first. */
function shownMetric(names: readonly string[], model: Model | undefined): string | undefined {
  const rule = model?.promote.when.metric;
  return names.find((name) => name === rule) ?? names[0];
}

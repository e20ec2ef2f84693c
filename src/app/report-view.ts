import type { ReportValues, ReportView, ResidualsView } from '../api/report-views.ts';
import type { Metric } from '../project/models/metric.ts';
import type { Model } from '../project/models/model.ts';
import type { Report, ReportPart } from '../training/report/report.ts';
import { formatList } from '../kernel/format-list.ts';
import { requestSchema } from '../lifecycle/version/version-folder.ts';
import { titleOf } from '../kernel/title.ts';
import { targetUnit } from './model-views.ts';
import { type ReportFields, reportFields } from './report-fields.ts';
import { rocView } from './roc-view.ts';
import { decidingBaselines, reportMetricView, shownMetrics, valuesBeside } from './report-values.ts';

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

/** A report for people: one metric in every part, beside the champion, the best constant and deciding baselines. */
export function reportView(report: Report, { model, version, champion }: ReportOptions): ReportView {
  const other = champion?.report;
  const unit = model ? targetUnit(model) : null;
  const names = shownMetrics(report, model);
  const metric = shownMetric(names, model);
  const baselines = decidingBaselines(model, report);
  const valuesOf = (name: string, part: ReportPart, otherPart: ReportPart | undefined): ReportValues =>
    valuesBeside(name, { part, other: otherPart }, { constant: 'constant', baselines });
  const partOf = (part: ReportPart, otherPart: ReportPart | undefined): ReportValues =>
    metric === undefined
      ? { value: null, champion: null, constant: null, baselines: baselines.map(() => null) }
      : valuesOf(metric, part, otherPart);
  const { kind } = report.target;
  const further = furtherMetrics(report, names).filter((name) => name !== metric);
  const fields = reportFields(report, model && requestSchema(model));
  return {
    target: report.target,
    unit,
    rows: report.rows,
    version,
    champion: champion ? { version: champion.version } : null,
    constant: report.others['constant']
      ? (report.constant ?? (kind === 'number' ? 'median' : 'shares'))
      : null,
    baselines,
    metric: metric === undefined ? null : reportMetricView(metric, unit),
    metrics: names.map((name) => ({ ...reportMetricView(name, unit), ...valuesOf(name, report, other) })),
    residuals: report.residuals
      ? {
          version: residualsView(report.residuals),
          champion: other?.residuals ? residualsView(other.residuals) : null,
        }
      : null,
    scatter: report.scatter ?? null,
    cutoffs: report.cutoffs ? { version: report.cutoffs, champion: other?.cutoffs ?? null } : null,
    roc: rocView(report, other),
    confusion: report.confusion ?? null,
    reliability: (report.reliability ?? []).map(({ class: name, bins }) => ({
      class: name,
      version: bins,
      champion: other?.reliability?.find((each) => each.class === name)?.bins ?? null,
    })),
    segments: report.segments.map(({ column, groups }) => {
      const others = other?.segments.find((each) => each.column === column)?.groups ?? [];
      return {
        column,
        title: fields.title(column),
        groups: groups.map((group) => ({
          name: fields.groupName(column, group),
          rows: group.rows,
          further: further.map((name) => group.metrics[name] ?? null),
          ...partOf(
            group,
            others.find(({ value, rows }) => value === group.value && rows === group.rows),
          ),
        })),
      };
    }),
    segmentMetrics: further.map((name) => reportMetricView(name, unit)),
    overTime: report.overTime.map((part) => ({
      from: part.from,
      to: part.to,
      rows: part.rows,
      ...partOf(
        part,
        other?.overTime.find(({ from, rows }) => from === part.from && rows === part.rows),
      ),
    })),
    worst: report.worst.map(({ row, values, ...worst }) => ({
      ...worst,
      row: row + 1,
      values: fields.inOrder(Object.keys(values)).map((name) => ({
        name,
        title: fields.title(name),
        form: fields.form(name),
        value: values[name] ?? null,
      })),
    })),
    importances: report.importances
      ? {
          ...report.importances,
          features: report.importances.features.map(({ feature, origin, increase }) => ({
            feature,
            title: origin ? originTitle(origin, fields) : titleOf(feature),
            increase,
          })),
        }
      : null,
  };
}

/** Those that are measured, and of intervals how many hold the truth. */
function furtherMetrics({ metrics }: Report, names: readonly string[]): readonly Metric[] {
  const offered = new Set([...names, 'intervalCoverage']);
  return (Object.keys(metrics) as readonly Metric[]).filter(
    (name) => offered.has(name) && metrics[name] !== null,
  );
}

/** The metric of the promotion rule, or the model's first. */
function shownMetric(names: readonly string[], model: Model | undefined): string | undefined {
  const rule = model?.promote.when.metric;
  return names.find((name) => name === rule) ?? names[0];
}

function residualsView({ quantiles, histogram }: NonNullable<Report['residuals']>): ResidualsView {
  const { outside = [0, 0] } = histogram;
  return { quantiles, histogram: { ...histogram, outside } };
}

/** 'Town', 'Town and Street prices' */
function originTitle(
  { fields: names, lookups }: { readonly fields: readonly string[]; readonly lookups: readonly string[] },
  fields: ReportFields,
): string {
  return formatList([...names.map(fields.title), ...lookups.map(titleOf)]);
}

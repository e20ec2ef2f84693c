import type { ReportHead, ReportMetricView, ReportValues } from '../api/report-views.ts';
import type { Forecast } from '../project/models/forecast.ts';
import type { Model } from '../project/models/model.ts';
import { metricBetter, metricTitle, metricUnit } from '../registry/format-metric.ts';
import { titleOf } from '../kernel/title.ts';

/** Numbers of a version and, by name, of what it is beside. */
export interface MeasuredPart {
  readonly metrics: Metrics;
  readonly others: Readonly<Record<string, Metrics>>;
}

type Metrics = Readonly<Partial<Record<string, number | null>>>;

type Declared = Pick<Model | Forecast, 'metrics' | 'promote'> | undefined;

/** The project's baselines that decide, as far as the report has them. */
export function decidingBaselines(model: Declared, { others }: MeasuredPart): ReportHead['baselines'] {
  return (model?.promote.beats ?? [])
    .filter((name) => Object.hasOwn(others, name))
    .map((name) => ({ name, title: titleOf(name) }));
}

interface Beside {
  /** The name of the built-in baseline in `others`. */
  readonly constant: string;
  readonly baselines: ReportHead['baselines'];
}

/** A metric of a part beside the same part of the champion's report. */
export function valuesBeside(
  name: string,
  { part, other }: { readonly part: MeasuredPart; readonly other: MeasuredPart | undefined },
  { constant, baselines }: Beside,
): ReportValues {
  const of = (metrics: Metrics | undefined): number | null => metrics?.[name] ?? null;
  return {
    value: of(part.metrics),
    champion: of(other?.metrics),
    constant: of(part.others[constant]),
    baselines: baselines.map((baseline) => of(part.others[baseline.name])),
  };
}

/** The model's metrics, as far as the report has them; all of the report's if it has none of those. */
export function shownMetrics({ metrics }: MeasuredPart, model: Declared): readonly string[] {
  const declared = (model?.metrics ?? []).filter((name) => Object.hasOwn(metrics, name));
  return declared.length > 0 ? declared : Object.keys(metrics);
}

/** A metric's title, unit and better direction, for a report. @param unit of the target */
export function reportMetricView(name: string, unit: string | null): ReportMetricView {
  return { name, title: metricTitle(name), unit: metricUnit(name, unit), better: metricBetter(name) };
}

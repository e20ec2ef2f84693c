import type { ForecastReportView, ReportValues } from '../api/report-views.ts';
import type { Forecast } from '../project/models/forecast.ts';
import type { ForecastReport } from '../training/forecasting/forecast-report.ts';
import { targetUnit } from './model-views.ts';
import {
  decidingBaselines,
  type MeasuredPart,
  reportMetricView,
  shownMetrics,
  valuesBeside,
} from './report-values.ts';

interface ForecastReportOptions {
  /** Absent if the project file does not have it any more. */
  readonly forecast: Forecast | undefined;
  /** Null before the gate has registered it. */
  readonly version: number | null;
  /** The report of the live version from the same origins. Absent if it was not compared. */
  readonly champion: { readonly version: number; readonly report: ForecastReport } | undefined;
}

const seasonalNaive = 'seasonal-naive';
const mostSeries = 20;

/** A forecast's report for people. */
export function forecastReportView(
  report: ForecastReport,
  { forecast, version, champion }: ForecastReportOptions,
): ForecastReportView {
  const other = champion?.report;
  const unit = forecast ? targetUnit(forecast) : null;
  const baselines = decidingBaselines(forecast, report);
  const valuesOf = (name: string, part: MeasuredPart, otherPart: MeasuredPart | undefined): ReportValues =>
    valuesBeside(name, { part, other: otherPart }, { constant: seasonalNaive, baselines });
  const { worstBy } = report;
  return {
    unit,
    rows: report.rows,
    series: report.series,
    version,
    champion: champion ? { version: champion.version } : null,
    constant: report.others[seasonalNaive] ? seasonalNaive : null,
    baselines,
    metric: reportMetricView(worstBy, unit),
    metrics: shownMetrics(report, forecast).map((name) => ({
      ...reportMetricView(name, unit),
      ...valuesOf(name, report, other),
    })),
    byStep: report.byStep.map((part) => ({
      step: part.step,
      rows: part.rows,
      ...valuesOf(
        worstBy,
        part,
        other?.byStep.find(({ step }) => step === part.step),
      ),
    })),
    coverage: {
      level: report.level,
      byStep: report.byStep.map(({ step, metrics }) => ({
        step,
        value: metrics['intervalCoverage'] ?? null,
        champion: other?.byStep.find((each) => each.step === step)?.metrics['intervalCoverage'] ?? null,
      })),
    },
    byOrigin: report.byOrigin.map((part) => ({
      from: String(part.from),
      to: String(part.to),
      rows: part.rows,
      ...valuesOf(
        worstBy,
        part,
        other?.byOrigin.find(({ fold }) => fold === part.fold),
      ),
    })),
    worstSeries: report.bySeries.slice(0, mostSeries).map((part) => ({
      name: part.name,
      rows: part.rows,
      ...valuesOf(
        worstBy,
        part,
        other?.bySeries.find(({ name }) => name === part.name),
      ),
    })),
    worst: report.worst,
  };
}

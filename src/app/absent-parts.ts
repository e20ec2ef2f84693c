import { fewestRows } from '../training/report/importances.ts';
import type { ModelReportView } from '../api/report-views.ts';

/** Why parts of a model's report are absent, a sentence each. */
export function absentParts(
  { report, forecast, learning }: Pick<ModelReportView, 'report' | 'forecast' | 'learning'>,
  trained: { readonly isExternal: boolean; readonly fitsOnce: boolean },
): readonly string[] {
  if (forecast) return [];
  return [
    ...(learning ? [] : noLearning(trained)),
    ...(report && report.rows > 0 ? absentOfReport(report) : []),
  ];
}

function noLearning({ isExternal, fitsOnce }: { isExternal: boolean; fitsOnce: boolean }): string[] {
  if (isExternal) return ['No learning curve: the model was trained elsewhere.'];
  return fitsOnce ? ['No learning curve: the trainer fits once, without rounds.'] : [];
}

function absentOfReport({
  rows,
  importances,
  overTime,
  segments,
}: NonNullable<ModelReportView['report']>): string[] {
  return [
    ...(importances ? [] : [noImportances(rows)]),
    ...(overTime.length === 0
      ? ['No errors over time: the split has no column that orders the rows.']
      : overTime.length === 1
        ? ['No errors over time: there are too few test rows, or all have the same time.']
        : []),
    ...(segments.length === 0
      ? ['No errors by field: no field of the request divides the test rows into groups.']
      : []),
  ];
}

function noImportances(rows: number): string {
  return rows < fewestRows
    ? `No importances: shuffling features needs ${fewestRows} test rows, and there are ${rows}.`
    : 'No importances: there are too many features to shuffle each, or a prediction was not a number.';
}

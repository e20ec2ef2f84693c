import type { ReportView } from '../api/report-views.ts';
import type { Report } from '../training/report/report.ts';
import { areaUnder, type RocPoint, rocOfCutoffs } from '../training/report/roc.ts';

type RocReport = Pick<Report, 'cutoffs' | 'roc' | 'metrics'>;

/** The ROC curve of a version beside that of the champion; null without rows of both kinds. */
export function rocView(report: RocReport, champion: RocReport | undefined): ReportView['roc'] {
  const { cutoffs, roc } = report;
  const hasBoth = cutoffs !== undefined && cutoffs.yes > 0 && cutoffs.yes < cutoffs.rows;
  if (!roc && !hasBoth) return null;
  return { version: pointsOf(report), champion: champion ? pointsOf(champion) : null };
}

/** How far the area under a curve through the cutoffs may be from the AUC. */
const mostApart = 0.01;

/** Reports of earlier releases have whole percents alone, which hide the curve of a class whose probabilities are close. */
function pointsOf({ cutoffs, roc, metrics }: RocReport): readonly RocPoint[] | null {
  if (roc) return roc;
  const points = cutoffs && rocOfCutoffs(cutoffs);
  const auc = metrics['auc'] ?? null;
  return points && auc !== null && Math.abs(areaUnder(points) - auc) <= mostApart ? points : null;
}

import type { Target } from '../../project/models/kind.ts';
import type { Calibration } from '../../training/calibration/calibration.ts';

/** What a rule lacks if no model could be fitted without the rows that would check it. */
export function noneHeldOut({ kind }: Target): string {
  const [what, remedy] =
    kind === 'number'
      ? ['predictions have no interval', 'or use a trainer that gives intervals']
      : ['probabilities are not calibrated', "or set `calibrate: 'none'`"];
  return `${what}: the training rows are a single group, so none can be held out; give more groups, ${remedy}`;
}

/** The probabilities that have no curve, and why. */
export function uncalibrated({ curves }: Calibration, target: Target): readonly string[] {
  return curves.flatMap((curve, index) => {
    if (curve.method !== 'none' || curve.reason === undefined) return [];
    const of = target.kind === 'class' ? `of ${target.classes[index]} ` : '';
    return [`probabilities ${of}are not calibrated: ${curve.reason}; give more rows to validate on`];
  });
}

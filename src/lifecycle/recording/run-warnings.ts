import type { Run } from '../../tracking/model.ts';
import { tagOf } from '../../tracking/run-entries.ts';

/** Tags of a model's run with its warnings, one on each line. */
export const warningTags = {
  features: 'modelyard.refused',
  train: 'modelyard.warnings',
  evaluate: 'modelyard.leaks',
} as const;

/** What people should look at before they trust the version that a run trained. */
export function warningsOf(run: Run): readonly string[] {
  return Object.values(warningTags).flatMap((tag) => tagOf(run, tag)?.split('\n') ?? []);
}

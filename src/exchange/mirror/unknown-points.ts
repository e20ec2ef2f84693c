import type { LoggedPoint } from '../../tracking/record.ts';
import type { TargetRuns } from './target.ts';

/**
 * The points that the other server has not got yet. Asked only where a request may have arrived whose answer did not:
 * not every server keeps a point that comes twice once.
 */
export async function unknownThere(
  points: readonly LoggedPoint[],
  run: string,
  runs: Pick<TargetRuns, 'history'>,
): Promise<readonly LoggedPoint[]> {
  const known = new Set<string>();
  for (const key of new Set(points.map((point) => point.key)))
    for await (const point of runs.history(run, key)) known.add(nameOf({ ...point, key }));
  return points.filter((point) => point.modelId !== undefined || !known.has(nameOf(point)));
}

/** MLflow keeps an infinity as the largest number that is none. */
function nameOf({
  key,
  value,
  step,
  timestamp,
}: Pick<LoggedPoint, 'key' | 'value' | 'step' | 'timestamp'>): string {
  const kept = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
  return JSON.stringify([key, String(kept === 0 ? 0 : kept), step, timestamp]);
}

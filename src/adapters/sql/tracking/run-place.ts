import { sql as raw } from 'kysely';
import type { View } from '../../../tracking/record.ts';
import type { Match } from '../search-match.ts';

type Lifecycle = 'active' | 'deleted';

/** Where runs are searched. */
export interface Place {
  /** One at least. */
  readonly experiments: readonly number[];
  readonly lifecycles: readonly Lifecycle[];
}

const views: Readonly<Record<View, readonly Lifecycle[]>> = {
  active: ['active'],
  deleted: ['deleted'],
  all: ['active', 'deleted'],
};

export function placeOf(experiments: readonly number[], view: View): Place {
  return { experiments, lifecycles: views[view] };
}

/** The same experiments, and the other runs there. */
export function restOf({ experiments, lifecycles }: Place): Place {
  return { experiments, lifecycles: views.all.filter((other) => !lifecycles.includes(other)) };
}

export function placeMatch({ experiments, lifecycles }: Place): Match {
  if (!lifecycles.length) return raw`1 = 0`;
  return raw`runs.experiment_id in (${raw.join(experiments)}) and runs.lifecycle_stage in (${raw.join(lifecycles)})`;
}

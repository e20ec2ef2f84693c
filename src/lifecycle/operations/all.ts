import type { Operation } from '../../pipeline/operation.ts';
import { fetchSource, readSource } from '../../pipeline/source-operations.ts';
import { userStep } from '../../pipeline/user-step.ts';
import { evaluate } from './evaluate.ts';
import { features } from './features.ts';
import { search } from './search.ts';
import { split } from './split.ts';
import { train } from './train.ts';

/** Everything that a task's process can carry out, by the name that a task calls it by. */
export const operations: Readonly<Record<string, Operation>> = {
  fetch: fetchSource,
  read: readSource,
  step: userStep,
  split,
  features,
  search,
  train,
  evaluate,
};

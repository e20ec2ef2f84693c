import { PlatformError } from '../../kernel/errors.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import type { TrainingSubsets, TrialContext, TrialResult } from '../../project/models/trainer.ts';
import { shareOfRows } from '../../training/search/row-share.ts';
import type { TrialRequest } from '../../training/search/run-search.ts';
import { openTrialThreads, shareRows } from '../../training/search/trial-threads.ts';
import type { LoadedTrainer } from './fit-model.ts';

export interface Trials extends Disposable {
  readonly tryOptions: (request: TrialRequest) => Promise<TrialResult>;
}

export interface TrialsOptions {
  readonly rows: TrainingSubsets;
  readonly about: TrialContext;
  readonly parallel: number;
  readonly seed: number;
}

/**
 * Runs trials: in threads if several run at a time and the process can import code in threads, else one after another.
 * @throws PlatformError PROJECT_INVALID for a trainer that cannot try options
 */
export async function openTrials(
  { definition, parts }: LoadedTrainer,
  { codeAddress }: Pick<OperationContext, 'codeAddress'>,
  { rows, about, parallel, seed }: TrialsOptions,
): Promise<Trials> {
  if (!definition.trial) throw cannotTry(definition.name);
  // A trial in Python has a process of its own.
  if (parallel === 1 || parts.length > 0 || definition.requirements || !codeAddress) {
    const subsets = subsetsByShare(rows, seed);
    return {
      tryOptions: async ({ options, rowShare }) => {
        const result = await definition.trial?.(options, subsets(rowShare), about);
        if (!result) throw cannotTry(definition.name);
        return result;
      },
      [Symbol.dispose]: () => undefined,
    };
  }
  const shared = { train: shareRows(rows.train), validation: shareRows(rows.validation) };
  const subsets = subsetsByShare(shared, seed, shareRows);
  const threads = openTrialThreads(await codeAddress('trainer'), { count: parallel, target: about.target });
  return {
    tryOptions: ({ options, rowShare }) => threads.tryOptions({ options, rows: subsets(rowShare) }),
    [Symbol.dispose]: () => threads[Symbol.dispose](),
  };
}

/** The rows of a trial on a share of the training rows; each share is drawn once. */
function subsetsByShare(
  rows: TrainingSubsets,
  seed: number,
  share: (train: TrainingSubsets['train']) => TrainingSubsets['train'] = (train) => train,
): (rowShare: number) => TrainingSubsets {
  const drawn = new Map<number, TrainingSubsets>([[1, rows]]);
  return (rowShare) => {
    const subsets = drawn.get(rowShare) ?? {
      train: share(shareOfRows(rows.train, rowShare, seed)),
      validation: rows.validation,
    };
    drawn.set(rowShare, subsets);
    return subsets;
  };
}

function cannotTry(trainer: string): PlatformError {
  return new PlatformError('PROJECT_INVALID', {
    field: 'search',
    value: trainer,
    remedy: `needs a trainer that can try options; ${trainer} does not define \`trial\``,
  });
}

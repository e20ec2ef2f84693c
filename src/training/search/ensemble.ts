import type { Target } from '../../project/models/kind.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { TrainingRows } from '../../project/models/trainer.ts';
import { averagePredictions } from '../average/combine.ts';
import { trialResult } from '../trial.ts';

/** How often a trial may be chosen; its share is how often it was. */
const rounds = 24;

/** A trial and its share in the average. */
export interface Member {
  readonly index: number;
  readonly share: number;
}

interface Candidate {
  readonly index: number;
  readonly heldOut: readonly Prediction[];
}

/**
 * Greedy selection with replacement (Caruana et al., ICML 2004): from the best trial on, adds the trial that lowers the loss of
 * the average on the validation rows most, until none does.
 * @param most different trials
 * @returns shares that sum to 1; the best trial alone if no average is better
 */
export function chooseEnsemble(
  candidates: readonly Candidate[],
  {
    target,
    validation,
    most,
  }: { readonly target: Target; readonly validation: TrainingRows; readonly most: number },
): { readonly members: readonly Member[]; readonly loss: number } {
  const lossOf = (chosen: readonly Candidate[]): number =>
    trialResult(target, validation, averaged(chosen)).loss;
  let chosen: readonly Candidate[] = [];
  let loss = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const isFull = new Set(chosen).size >= most;
    const next = candidates
      .filter((candidate) => !isFull || chosen.includes(candidate))
      .map((candidate) => ({ candidate, loss: lossOf([...chosen, candidate]) }))
      .reduce<{ candidate: Candidate; loss: number } | undefined>(
        (best, one) => (one.loss < (best?.loss ?? Number.POSITIVE_INFINITY) ? one : best),
        undefined,
      );
    if (!next || next.loss >= loss) break;
    chosen = [...chosen, next.candidate];
    loss = next.loss;
  }
  const members = [...new Set(chosen)].map((candidate) => ({
    index: candidate.index,
    share: chosen.filter((one) => one === candidate).length / chosen.length,
  }));
  return { members, loss };
}

function averaged(chosen: readonly Candidate[]): readonly Prediction[] {
  const share = 1 / chosen.length;
  const [first] = chosen;
  return (first?.heldOut ?? []).map((_, row) =>
    averagePredictions(chosen.map(({ heldOut }) => ({ share, of: heldOut[row] as Prediction }))),
  );
}

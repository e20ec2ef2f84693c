import type { JsonObject } from '../../kernel/json.ts';
import { type Operation, paramsOf } from '../../pipeline/operation.ts';
import { engineOf } from '../../training/engines.ts';
import { bestTrial, type SearchPlan, trialOptions, type TrialOptions } from '../../training/search.ts';
import { readTrainingRows } from '../training-rows.ts';

interface Params {
  readonly target: string;
  readonly trainer: { readonly name: string; readonly options: TrialOptions };
  readonly search: SearchPlan;
}

/** What a search found: the best options and every trial. */
export interface SearchOutcome {
  readonly options: TrialOptions;
  readonly trials: readonly {
    readonly params: TrialOptions;
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}

/** Tries options on the validation rows; in: `rows`, `subsets`, `matrix`; out: `best`. */
export const search: Operation = async (context) => {
  const { target, trainer, search: plan } = paramsOf<Params>(context);
  const engine = engineOf(trainer.name);
  const rows = await readTrainingRows(context, target);
  const candidates = trialOptions(trainer.options, plan, engine.wholeOptions);
  const trials = [];
  for (const [index, options] of candidates.entries()) {
    context.emit({ type: 'progress', done: index, total: candidates.length, what: 'trials' });
    const { metrics, loss, fittedParams } = await engine.trial(options, rows);
    const params = { ...options, ...fittedParams };
    trials.push({ index, options, params, metrics, loss });
    context.emit({ type: 'trial', index, of: candidates.length, params, metrics });
  }
  const best = bestTrial(trials);
  const outcome: SearchOutcome = {
    options: best.options,
    trials: trials.map(({ params, metrics }) => ({ params, metrics })),
  };
  return {
    outputs: { best: { kind: 'value', value: outcome as unknown as JsonObject } },
    facts: {
      trials: trials.length,
      best: best.index,
      options: { ...best.options },
      metrics: { ...best.metrics },
    },
  };
};

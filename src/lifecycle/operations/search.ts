import { z } from 'zod';
import { models } from '../../pipeline/declared-kinds.ts';
import { countOf, measurement } from '../../pipeline/facts.ts';
import { type OperationContext, taskOperation } from '../../pipeline/operation.ts';
import { chooseEnsemble } from '../../training/search/ensemble.ts';
import { type FinishedTrial, runSearch } from '../../training/search/run-search.ts';
import { bestTrial, type SearchPlan, searchSpace } from '../../training/search/trials.ts';
import type { EnsembleMember } from '../../training/average/members.ts';
import type { TrainingRows } from '../../project/models/trainer.ts';
import type { Target } from '../../project/models/kind.ts';
import { schemaOfOptions } from '../../project/models/given-options.ts';
import { openTrials } from '../fit/try-options.ts';
import { type FitSettings, trainerOptions } from '../fit/fit-settings.ts';
import {
  learningCode,
  learningParams,
  learningParamsOf,
  loadTrainer,
  trainingInputs,
} from '../fit/learning.ts';
import { periodSubsets } from '../rows/period-rows.ts';
import { readSplitRows } from '../rows/training-rows.ts';
import { targetStep } from '../fit/transformed-target.ts';
import { refuseOneClass, trialContext } from '../fit/fit-model.ts';
import { isExternal, versionCode } from '../version/version-code.ts';
import { splitRule } from './split.ts';

/** The result of a search: the best options and every trial. */
const outcome = z.object({
  options: trainerOptions,
  /** Trials whose models are averaged. @default the best alone */
  ensemble: z.array(z.object({ options: trainerOptions, share: z.number() })).exactOptional(),
  trials: z.array(
    z.object({
      params: trainerOptions,
      metrics: z.record(z.string(), measurement),
    }),
  ),
});

/** What a search found, from the input `best`; undefined for a task without a search. */
export async function searched({
  spec,
  input,
}: Pick<OperationContext, 'spec' | 'input'>): Promise<Pick<FitSettings, 'options' | 'ensemble'> | undefined> {
  if (!spec.inputs['best']) return undefined;
  const best = await input('best');
  const { options, ensemble } = outcome.parse(best.kind === 'value' ? best.value : undefined);
  return { options, ...(ensemble && { ensemble }) };
}

/** Tries options on the validation rows; in: `rows`, `subsets`, `matrix`; out: `best`. */
export const search = taskOperation({
  name: 'search',
  description: 'Tries options of the trainer and keeps the best.',
  declared: models,
  inputs: { rows: 'table', subsets: 'table', matrix: 'table', 'view-*': 'table' },
  outputs: { best: { kind: 'value' } },
  params: z.object({
    ...learningParams.shape,
    split: splitRule,
    search: z.custom<SearchPlan>((value) => typeof value === 'object' && value !== null),
  }),
  facts: z.object({
    trials: z.number(),
    best: z.number(),
    options: trainerOptions,
    metrics: z.record(z.string(), measurement),
    seed: z.number().exactOptional(),
    /** Indexes and shares of the trials whose models are averaged. */
    ensemble: z.array(z.object({ index: z.number(), share: z.number() })).exactOptional(),
  }),
  process: 'own',
  async plan(model, planning) {
    if (isExternal(model)) return undefined;
    if (!model.search) return undefined;
    return {
      inputs: trainingInputs(model, planning),
      code: learningCode(await versionCode(model, planning)),
      params: {
        ...learningParamsOf(model),
        split: { ...model.split },
        search: { ...model.search } as SearchPlan,
      },
    };
  },
  async run(context) {
    const { targetType, trainer, search: plan } = context.params;
    const loaded = await loadTrainer(context);
    const split = await readSplitRows(context, context.params, targetStep(context, context.params));
    // A search that saw the rows of a tested period would flatter the model.
    const rows = periodSubsets(split, 1, context.params.split);
    refuseOneClass(targetType, rows);
    const parts = trainer.parts.map(({ options }) => options);
    const about = trialContext(loaded, { target: targetType, parts });
    const { parallel = 1, seed = 0 } = plan;
    using runner = await openTrials(loaded, context, { rows, about, parallel, seed });
    const finished: FinishedTrial[] = [];
    const trials = await runSearch({
      plan,
      defaults: trainer.options,
      space: searchSpace(
        trainer.options,
        plan.space,
        schemaOfOptions(loaded.definition.options, trainer.options, plan.space),
      ),
      trainingRows: rows.train.matrix.rows,
      tryOptions: runner.tryOptions,
      journal: context.journal,
      now: context.now,
      onTrial: (trial) => {
        finished.push(trial);
        const { index, params, metrics } = trial;
        const total = plan.method === 'halving' ? undefined : plan.trials;
        context.emit({
          type: 'progress',
          done: finished.length,
          ...(total !== undefined && { total }),
          what: 'trials',
        });
        context.emit({ type: 'trial', index, of: total ?? finished.length, params, metrics });
      },
    });
    const best = bestTrial(trials);
    const ensemble = ensembleOf(trials, { plan, target: targetType, validation: rows.validation });
    const value = {
      options: best.options,
      ...(ensemble && { ensemble: ensemble.map(({ options, share }) => ({ options, share })) }),
      trials: finished
        .toSorted((a, b) => a.index - b.index)
        .map(({ params, metrics }) => ({ params: { ...params }, metrics: { ...metrics } })),
    };
    return {
      outputs: { best: { kind: 'value', value } },
      facts: {
        trials: finished.length,
        best: best.index,
        options: { ...best.options },
        metrics: { ...best.metrics },
        seed,
        ...(ensemble && { ensemble: ensemble.map(({ index, share }) => ({ index, share })) }),
      },
    };
  },
  summary: ({ trials, best, ensemble }) =>
    ensemble
      ? `${countOf(trials, 'trial')}, ${ensemble.length} averaged`
      : `${countOf(trials, 'trial')}, best ${best + 1}`,
  records: ({ seed }) => ({
    datasets: ['best'],
    ...(seed !== undefined && { params: { 'search.seed': seed } }),
  }),
});

interface EnsembleChoice {
  readonly plan: SearchPlan;
  readonly target: Target;
  readonly validation: TrainingRows;
}

/** @returns undefined if the best trial alone is as good */
function ensembleOf(
  trials: readonly FinishedTrial[],
  { plan, target, validation }: EnsembleChoice,
): readonly (EnsembleMember & { readonly index: number })[] | undefined {
  if (plan.ensemble === undefined) return undefined;
  const candidates = trials.flatMap(({ index, heldOut }) => (heldOut ? [{ index, heldOut }] : []));
  const { members } = chooseEnsemble(candidates, { target, validation, most: plan.ensemble });
  if (members.length < 2) return undefined;
  return members.flatMap(({ index, share }) => {
    const trial = trials.find((each) => each.index === index);
    return trial ? [{ index, share, options: trial.options }] : [];
  });
}

import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { countOf, measurement } from '../../pipeline/facts.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { bestTrial, type SearchPlan, trialOptions } from '../../training/search.ts';
import { trainerOptions } from '../fit-settings.ts';
import { learningCode, learningParams, learningParamsOf, loadTrainer, trainingInputs } from '../learning.ts';
import { readSplitRows, trainingSubsets } from '../training-rows.ts';
import { targetStep } from '../transformed-target.ts';
import { refuseOneClass, trialContext } from '../fit-model.ts';
import { versionCode } from '../version-code.ts';

const outcome = z.object({
  options: trainerOptions,
  trials: z.array(
    z.object({
      params: trainerOptions,
      metrics: z.record(z.string(), measurement),
    }),
  ),
});

/** The result of a search: the best options and every trial. */
export const searchOutcome: z.ZodType<z.infer<typeof outcome>> = outcome;

/** Tries options on the validation rows; in: `rows`, `subsets`, `matrix`; out: `best`. */
export const search = taskOperation({
  name: 'search',
  description: 'Tries options of the trainer and keeps the best.',
  declared: models,
  inputs: { rows: 'table', subsets: 'table', matrix: 'table', 'view-*': 'table' },
  outputs: { best: { kind: 'value' } },
  params: z.object({
    ...learningParams.shape,
    search: z.custom<SearchPlan>((value) => typeof value === 'object' && value !== null),
  }),
  facts: z.object({
    trials: z.number(),
    best: z.number(),
    options: trainerOptions,
    metrics: z.record(z.string(), measurement),
  }),
  process: 'own',
  async plan(model, planning) {
    if (!model.search) return undefined;
    return {
      inputs: trainingInputs(model, planning),
      code: learningCode(await versionCode(model, planning)),
      params: { ...learningParamsOf(model), search: { ...model.search } as SearchPlan },
    };
  },
  async run(context) {
    const { targetType, trainer, search: plan } = context.params;
    const loaded = await loadTrainer(context);
    const tried = loaded.definition;
    if (!tried.trial) throw cannotTry(tried.name);
    const rows = trainingSubsets(
      await readSplitRows(context, context.params, targetStep(context, context.params)),
    );
    refuseOneClass(targetType, rows);
    const parts = trainer.parts.map(({ options }) => options);
    const about = trialContext(loaded, { target: targetType, parts });
    const candidates = trialOptions(trainer.options, plan, tried.options);
    const trials = [];
    for (const [index, options] of candidates.entries()) {
      context.emit({ type: 'progress', done: index, total: candidates.length, what: 'trials' });
      const { metrics, loss, fittedParams = {} } = await tried.trial(options, rows, about);
      const params = { ...options, ...fittedParams };
      trials.push({ index, options, params, metrics, loss });
      context.emit({ type: 'trial', index, of: candidates.length, params, metrics });
    }
    const best = bestTrial(trials);
    const value = {
      options: best.options,
      trials: trials.map(({ params, metrics }) => ({ params, metrics })),
    };
    return {
      outputs: { best: { kind: 'value', value } },
      facts: {
        trials: trials.length,
        best: best.index,
        options: { ...best.options },
        metrics: { ...best.metrics },
      },
    };
  },
  summary: ({ trials, best }) => `${countOf(trials, 'trial')}, best ${best + 1}`,
  records: () => ({ datasets: ['best'] }),
});

function cannotTry(trainer: string): PlatformError {
  return new PlatformError('PROJECT_INVALID', {
    field: 'search',
    value: trainer,
    remedy: `needs a trainer that can try options; ${trainer} does not define \`trial\``,
  });
}

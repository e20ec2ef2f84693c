import { z } from 'zod';
import { putFiles } from '../../data/dataset.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { countOf } from '../../pipeline/facts.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import type { Model } from '../../project/models/model.ts';
import type { ModelFile } from '../../project/models/trainer.ts';
import { fitModel } from '../fit/fit-model.ts';
import { fitSettings } from '../fit/fit-settings.ts';
import {
  fitSettingsOf,
  fittingParams,
  fittingParamsOf,
  learningCode,
  loadTrainer,
  trainingInputs,
} from '../fit/learning.ts';
import { periodsOf, periodSubsets } from '../rows/period-rows.ts';
import { fitFolder } from '../measure/predict-tests.ts';
import { readSplitRows } from '../rows/training-rows.ts';
import { targetStep } from '../fit/transformed-target.ts';
import { isExternal, versionCode } from '../version/version-code.ts';
import { search, searched } from './search.ts';
import { splitRule } from './split.ts';

const params = fittingParams.extend({
  split: splitRule,
  /** That of the live version, which is fitted without a search. */
  ensemble: fitSettings.shape.ensemble,
});

function paramsOf(model: Model): z.infer<typeof params> {
  return { ...fittingParamsOf(model), split: { ...model.split } };
}

/**
 * Fits the model for each period of a walk-forward split but the last, whose fit is the version; in: `rows`, `subsets`, `matrix`
 * and perhaps `best`; out: `fits`, the files of each in a folder of its own. The gate runs it for the live version too.
 */
export const refit = taskOperation({
  name: 'refit',
  description: 'Fits the model again for each earlier period, with the rows before it.',
  declared: models,
  inputs: { rows: 'table', subsets: 'table', matrix: 'table', best: 'value?', 'view-*': 'table?' },
  outputs: { fits: { kind: 'files' } },
  params,
  facts: z.object({
    fits: z.number(),
    /** Of the fits, each once. Facts of earlier releases lack it. */
    warnings: z.array(z.string()).exactOptional(),
  }),
  process: 'own',
  async plan(model, planning) {
    if (isExternal(model)) return undefined;
    const { test } = model.split;
    if (typeof test !== 'object' || test.refit === undefined) return undefined;
    const code = await versionCode(model, planning);
    return {
      inputs: {
        ...trainingInputs(model, planning),
        ...(model.search && { best: planning.from(search, 'best') }),
      },
      code: { features: code.features, ...learningCode(code) },
      params: paramsOf(model),
    };
  },
  async run(context) {
    const { ensemble, split } = context.params;
    const found = (await searched(context)) ?? (ensemble && { ensemble });
    const settings = fitSettingsOf(context.params, found);
    const trainer = await loadTrainer(context);
    const rows = await readSplitRows(context, context.params, targetStep(context, context.params));
    const periods = periodsOf(rows.split);
    const files: ModelFile[] = [];
    const warnings = new Set<string>();
    for (let period = 1; period < periods; period++) {
      context.emit({ type: 'progress', done: period - 1, total: periods - 1, what: 'fits' });
      const learned = periodSubsets(rows, period, split);
      const fitted = await fitModel(trainer, { rows: learned, settings }, () => {});
      for (const { name, bytes } of [...fitted.files, ...fitted.ruleFiles])
        files.push({ name: `${fitFolder(period)}${name}`, bytes });
      for (const warning of fitted.warnings) warnings.add(warning);
    }
    return {
      outputs: { fits: await putFiles(files, context.blobs) },
      facts: { fits: periods - 1, warnings: [...warnings] },
    };
  },
  summary: ({ fits, warnings = [] }) => [countOf(fits, 'fit'), ...warnings].join('; '),
});

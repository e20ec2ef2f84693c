import { z } from 'zod';
import type { DatasetFile } from '../../data/dataset.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { countOf } from '../../pipeline/facts.ts';
import { type OperationContext, taskOperation } from '../../pipeline/operation.ts';
import type { Split } from '../../project/split.ts';
import type { TrainerOptions } from '../../project/trainer.ts';
import { fitModel } from '../fit-model.ts';
import { type FitSettings, fitSettings } from '../fit-settings.ts';
import { learningCode, learningParams, learningParamsOf, loadTrainer, trainingInputs } from '../learning.ts';
import { periodsOf, periodSubsets } from '../period-rows.ts';
import { fitFolder } from '../predict-tests.ts';
import { readSplitRows } from '../training-rows.ts';
import { targetStep } from '../transformed-target.ts';
import { versionCode } from '../version-code.ts';
import { search, searchOutcome } from './search.ts';

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
  params: z.object({
    ...learningParams.shape,
    ...fitSettings.pick({ interval: true, calibrate: true, ordered: true }).shape,
    split: z.custom<Split>((value) => typeof value === 'object' && value !== null),
  }),
  facts: z.object({ fits: z.number() }),
  process: 'own',
  async plan(model, planning) {
    const { split } = model;
    if (typeof split.test !== 'object' || split.test.refit === undefined) return undefined;
    const code = await versionCode(model, planning);
    return {
      inputs: {
        ...trainingInputs(model, planning),
        ...(model.search && { best: planning.from(search, 'best') }),
      },
      code: { features: code.features, ...learningCode(code) },
      params: {
        ...learningParamsOf(model),
        interval: model.interval,
        calibrate: model.calibrate,
        ordered: true,
        split: { ...split },
      },
    };
  },
  async run(context) {
    const { targetType, trainer: planned, interval, calibrate, ordered, split } = context.params;
    const options = context.spec.inputs['best'] ? await searched(context) : planned.options;
    const parts = planned.parts.map((part) => part.options);
    const settings: FitSettings = { target: targetType, options, parts, interval, calibrate, ordered };
    const trainer = await loadTrainer(context);
    const rows = await readSplitRows(context, context.params, targetStep(context, context.params));
    const periods = periodsOf(rows.split);
    const files: DatasetFile[] = [];
    for (let period = 1; period < periods; period++) {
      context.emit({ type: 'progress', done: period - 1, total: periods - 1, what: 'fits' });
      const learned = periodSubsets(rows, period, split);
      const fitted = await fitModel(trainer, { rows: learned, settings }, () => {});
      for (const { name, bytes } of [...fitted.files, ...fitted.ruleFiles])
        files.push({ name: `${fitFolder(period)}${name}`, ...(await context.blobs.put(bytes)) });
    }
    return {
      outputs: { fits: { kind: 'files', files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)) } },
      facts: { fits: periods - 1 },
    };
  },
  summary: ({ fits }) => countOf(fits, 'fit'),
});

/** @throws PlatformError INTERNAL if the search stored something else */
async function searched(context: Pick<OperationContext, 'input'>): Promise<TrainerOptions> {
  const best = await context.input('best');
  return searchOutcome.parse(best.kind === 'value' ? best.value : undefined).options;
}

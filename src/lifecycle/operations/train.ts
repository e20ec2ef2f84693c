import { z } from 'zod';
import { putFiles } from '../../data/dataset.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatCount } from '../../kernel/units.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { inputTable } from '../../pipeline/inputs.ts';
import { type OperationContext, taskOperation } from '../../pipeline/operation.ts';
import type { Fitted, ModelFile } from '../../project/models/trainer.ts';
import { subsets } from '../../training/subsets.ts';
import { canonicalFile } from '../version/canonical-file.ts';
import { featureOrigins } from '../features/feature-trace.ts';
import { featureWarnings } from '../fit/feature-warnings.ts';
import { fitModel } from '../fit/fit-model.ts';
import { type FitSettings, trainerOptions } from '../fit/fit-settings.ts';
import { storedCurve } from '../fit/learning-curve.ts';
import { usedOptions } from '../fit/used-options.ts';
import {
  fitSettingsOf,
  fittingParams,
  fittingParamsOf,
  learningCode,
  loadTrainer,
  trainingInputs,
} from '../fit/learning.ts';
import type { PredictionRule } from '../version/prediction-rule.ts';
import { readSplitRows, trainingSubsets } from '../rows/training-rows.ts';
import { targetStep } from '../fit/transformed-target.ts';
import { warningTags } from '../recording/run-warnings.ts';
import { readSeenFields } from '../version/seen-fields.ts';
import { mlflowMetadata } from '../version/mlflow-metadata.ts';
import { isExternal, optionalCode, versionCode } from '../version/version-code.ts';
import { type VersionFields, versionFieldsName } from '../version/version-fields.ts';
import { features } from './features.ts';
import { search, searched } from './search.ts';

/**
 * Fits the model; in: `rows`, `subsets`, `matrix`, `origins` and perhaps `best`; out: `model`, the files of its
 * folder, and `learning`, the loss by round, or null if the trainer reports none.
 */
export const train = taskOperation({
  name: 'train',
  description: 'Fits the model.',
  declared: models,
  inputs: {
    rows: 'table',
    subsets: 'table',
    matrix: 'table',
    origins: 'value',
    best: 'value?',
    'view-*': 'table',
  },
  outputs: { model: { kind: 'files' }, learning: { kind: 'value' } },
  params: fittingParams,
  facts: z.object({
    options: trainerOptions,
    fittedParams: z.record(z.string(), z.number()),
    importances: z.record(z.string(), z.number()),
    rows: z.number(),
    /** Versions of Python and of the packages that fitted it. */
    packages: z.record(z.string(), z.string()).exactOptional(),
    /** Curves of the probabilities, such as 'sigmoid'. Of a number and in facts of earlier releases it is absent. */
    calibration: z.string().exactOptional(),
    /** Features without use, and why predictions have no interval or probabilities are not calibrated. Facts of earlier releases lack it. */
    warnings: z.array(z.string()).exactOptional(),
  }),
  process: 'own',
  async plan(model, planning) {
    if (isExternal(model)) return undefined;
    const code = await versionCode(model, planning);
    return {
      inputs: {
        ...trainingInputs(model, planning),
        origins: planning.from(features, 'origins'),
        ...(model.search && { best: planning.from(search, 'best') }),
      },
      // The feature code is part of a trained model, even if other code computes the same numbers.
      code: { features: code.features, ...learningCode(code) },
      params: fittingParamsOf(model),
    };
  },
  async run(context) {
    const settings = fitSettingsOf(context.params, await searched(context));
    const loaded = await loadTrainer(context);
    const trainer = loaded.definition;
    const { rows: all, split } = await readSplitRows(
      context,
      context.params,
      targetStep(context, context.params),
    );
    const rows = trainingSubsets(all, split.subset);
    const fitted = await fitModel(loaded, { rows, settings }, (done, total, what) =>
      context.emit({ type: 'progress', done, total, what }),
    );
    const { features: names } = rows.train.matrix;
    const { mlflowModelFiles } = await import('../../training/mlflow-model.ts');
    const description = mlflowModelFiles({
      features: names,
      trainer: trainer.name,
      // MLflow loads one model, not several.
      mlflow: settings.ensemble ? undefined : trainer.mlflow?.(names, settings.target),
      modelUuid: context.spec.key.slice(0, 32),
      metadata: mlflowMetadata({
        rule: fitted.rule,
        transformed: Object.hasOwn(context.spec.code, optionalCode.inverse),
        target: context.params.target,
      }),
    });
    refuseReserved(trainer.name, fitted.files, description);
    const fields = await fieldsFile(context, split.subset);
    const files = [...fitted.files, ...fitted.ruleFiles, ...description, fields];
    return {
      outputs: {
        model: await putFiles(files, context.blobs),
        learning: { kind: 'value', value: storedCurve(fitted.learning) },
      },
      facts: {
        options: usedOptions(loaded, { settings, parts: context.params.trainer.parts }),
        fittedParams: { ...fitted.fittedParams },
        importances: { ...fitted.importances },
        rows: rows.train.matrix.rows + rows.validation.matrix.rows,
        ...(fitted.packages && { packages: { ...fitted.packages } }),
        ...calibrationFact(fitted.rule, settings),
        warnings: [...featureWarnings(rows), ...fitted.warnings],
      },
    };
  },
  summary({ fittedParams, calibration, warnings = [] }) {
    const fitted = Object.entries(fittedParams).map(([name, value]) => `${formatCount(value)} ${name}`);
    if (calibration !== undefined)
      fitted.push(calibration === 'none' ? 'not calibrated' : `calibrated by ${calibration}`);
    return [...(fitted.length > 0 ? [fitted.join(', ')] : []), ...warnings].join('; ');
  },
  records: ({ options, fittedParams, calibration, packages = {}, warnings = [] }) => ({
    params: { ...options, ...fittedParams, ...(calibration !== undefined && { calibration }) },
    tags: {
      ...Object.fromEntries(
        Object.entries(packages).map(([name, version]) => [`modelyard.python.${name}`, version]),
      ),
      ...(warnings.length > 0 && { [warningTags.train]: warnings.join('\n') }),
    },
    inputs: { rows: 'training' },
    datasets: ['model'],
    artifacts: { learning: 'learning-curve.json' },
  }),
});

/** What the version saw of each request field, and which features are computed from it. */
async function fieldsFile(
  context: Pick<OperationContext, 'blobs' | 'input'>,
  subset: ArrayLike<number>,
): Promise<ModelFile> {
  const stored = await context.input('origins');
  const origins = featureOrigins.parse(stored.kind === 'value' ? stored.value : undefined);
  const isSeen = (row: number): boolean =>
    subset[row] === subsets.train || subset[row] === subsets.validation;
  const seen = await readSeenFields(
    await inputTable(context, 'rows'),
    { names: origins.fields, isSeen },
    context.blobs,
  );
  return canonicalFile(versionFieldsName, {
    format: 1,
    seen,
    features: origins.features,
  } satisfies VersionFields);
}

/** 'none', 'sigmoid', or for classes of which some need none 'none, sigmoid'. */
function calibrationFact(
  { calibration }: PredictionRule,
  { target }: FitSettings,
): { readonly calibration?: string } {
  if (target.kind === 'number') return {};
  const methods = new Set(calibration?.curves.map(({ method }) => method) ?? ['none']);
  return { calibration: [...methods].toSorted().join(', ') };
}

/** The folder of the version's code and manifest. */
const reservedFolder = 'modelyard/';

function refuseReserved(trainer: string, files: Fitted['files'], ours: readonly ModelFile[]): void {
  const reserved = files.find(
    ({ name }) => name.startsWith(reservedFolder) || ours.some((our) => our.name === name),
  );
  if (!reserved) return;
  throw new PlatformError('USER_CODE_FAILED', {
    field: `files of trainer ${trainer}`,
    value: reserved.name,
    remedy: 'Modelyard writes a file of this name itself: give the file another name',
  });
}

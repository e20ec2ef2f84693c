import { PlatformError } from '../../kernel/errors.ts';
import { float64In } from '../../kernel/bytes-of.ts';
import type { Kind, Target } from '../../project/models/kind.ts';
import type { Contributions, Explanation, Predictor } from '../../project/models/predictor.ts';
import type {
  FitContext,
  Fitted,
  MlflowFlavors,
  TrainerDefinition,
  TrainerOptions,
  TrainingRows,
  TrainingSubsets,
  TrialContext,
  TrialResult,
} from '../../project/models/trainer.ts';
import { explainPower } from '../boosted-trees/explain.ts';
import {
  type LightgbmModel,
  type LightgbmObjective,
  lightgbmResponses,
  lightgbmScores,
} from '../boosted-trees/lightgbm.ts';
import { readLightgbm } from '../boosted-trees/lightgbm-read.ts';
import { prepareExplain } from '../boosted-trees/shapley.ts';
import { gainShares, rowMajor } from '../boosted-trees/trees.ts';
import { columnsByName } from '../columns-by-name.ts';
import { jsonFile, jsonOf, parseModel } from '../model-file.ts';
import { predictionsOf } from '../predictions-of.ts';
import { requireEqualPredictions } from './compare-predictions.ts';
import { libraryHeader } from './library-header.ts';
import { fitInPython, type Library, type LibraryResult, outputsOf } from './library-job.ts';
import { libraryLearning } from './library-learning.ts';
import { libraryOptions, unknownOptions } from './library-options.ts';
import { type LibraryTrainer, libraryTrainer } from './library-trainer.ts';
import { lightgbmOptions } from './lightgbm-names.ts';
import { divergedTrial, libraryTrial } from './library-trial.ts';
import { plainNames } from './plain-names.ts';

const library: Library = {
  name: 'lightgbm',
  title: 'LightGBM',
  requirements: ['lightgbm==4.7.0', 'numpy==2.4.6', 'scipy==1.17.1'],
  namesOf: plainNames,
};

const modelFile = 'model.lgb.txt';
const headerFile = 'lightgbm.json';

const definition: TrainerDefinition<string, TrainerOptions> = {
  name: 'lightgbm',
  options: libraryOptions(['num_class', 'num_classes', 'verbosity', 'verbose']),
  check: (options) => unknownOptions(options, lightgbmOptions, library.title),
  learns: ['number', 'boolean', 'class'],
  requirements: library.requirements,
  fit,
  trial,
  open: async (read) => predictorOf(await read(modelFile), await read(headerFile)),
  mlflow: lightgbmFlavors,
};

/**
 * LightGBM itself, with its own options, fitted in Python and served without it. `num_iterations` is the most trees (1,000)
 * and `early_stopping_round` ends them by the validation rows (30; 0 never); `categories` names features that are codes.
 * @example lightgbm({ num_leaves: 31 })
 */
export const lightgbm: LibraryTrainer = libraryTrainer(definition, ['seed', 'random_seed', 'random_state']);

async function fit(options: TrainerOptions, rows: TrainingSubsets, context: FitContext): Promise<Fitted> {
  const { target } = context;
  const { features } = rows.train.matrix;
  const result = await fitInPython(library, { options, rows, context, refits: true });
  const { trees } = openModel(result, rows.validation, target);
  const header = { format: 1, features, target };
  return {
    files: [{ name: modelFile, bytes: result.file('model.txt') }, jsonFile(headerFile, header)],
    importances: gainShares({ ...trees, features }),
    fittedParams: { trees: result.rounds ?? 0 },
    ...libraryLearning(result),
    packages: result.packages,
    heldOut: predictionsOf(target, float64In(result.file('held-out.f8'))),
  };
}

async function trial(
  options: TrainerOptions,
  rows: TrainingSubsets,
  context: TrialContext,
): Promise<TrialResult> {
  const result = await fitInPython(library, { options, rows, context, refits: false });
  if (result.diverged !== undefined) return divergedTrial;
  openModel(result, rows.validation, context.target);
  const heldOut = predictionsOf(context.target, float64In(result.file('held-out.f8')));
  const isOwnLoss =
    objectiveNames.some((name) => name in options) && !metricNames.some((name) => name in options);
  return libraryTrial(result, { target: context.target, validation: rows.validation, heldOut, isOwnLoss });
}

/** LightGBM's names for the options. */
const objectiveNames = ['objective', 'objective_type', 'app', 'application', 'loss'];
const metricNames = ['metric', 'metrics', 'metric_types'];

const objectivesOf: Readonly<Record<Kind, readonly LightgbmObjective[]>> = {
  number: ['identity', 'power'],
  boolean: ['sigmoid'],
  class: ['softmax'],
};

/** The model as it will be served. @throws PlatformError MODEL_UNSUPPORTED if it scores anything else than LightGBM */
function openModel(result: LibraryResult, { matrix }: TrainingRows, target: Target): LightgbmModel {
  const model = readLightgbm(new TextDecoder().decode(result.file('model.txt')), modelFile);
  if (!objectivesOf[target.kind].includes(model.objective))
    throw new PlatformError('PROJECT_INVALID', {
      field: 'option objective of LightGBM',
      value: model.objective,
      remedy: `is for another kind of target than ${target.kind}`,
    });
  const theirs = float64In(result.file('sample.f8'));
  const outputs = outputsOf(target);
  const ours = lightgbmScores(model, matrix.columns, theirs.length / outputs);
  requireEqualPredictions(ours, theirs, { library: library.title, outputs });
  return model;
}

function predictorOf(bytes: Uint8Array, header: Uint8Array): Predictor {
  const { features, target } = parseModel(libraryHeader, jsonOf(header), {
    field: headerFile,
    remedy: 'Train the model again.',
  });
  const model = readLightgbm(new TextDecoder().decode(bytes), modelFile);
  let explainRow: ((values: Float32Array) => readonly Contributions[]) | undefined;
  return {
    features,
    async predict(matrix) {
      const columns = columnsByName(matrix, features);
      return predictionsOf(target, lightgbmResponses(model, lightgbmScores(model, columns, matrix.rows)));
    },
    async explain(matrix) {
      // The tables for explanations need time and memory, and most versions never explain.
      const explain = (explainRow ??= prepareExplain(model.trees));
      const columns = columnsByName(matrix, features);
      return Array.from({ length: matrix.rows }, (_, row) =>
        explanationOf(model, explain(rowMajor(columns, row, row + 1))),
      );
    },
  };
}

function explanationOf({ objective, slope }: LightgbmModel, margins: readonly Contributions[]): Explanation {
  const [first] = margins as readonly [Contributions];
  switch (objective) {
    case 'identity':
      return first;
    case 'power':
      return explainPower(first);
    case 'sigmoid':
      return {
        scale: 'log-odds',
        classes: margins.map(({ baseline, contributions }) => ({
          baseline: slope * baseline,
          contributions: contributions.map((one) => slope * one),
        })),
      };
    case 'softmax':
      return { scale: 'log-odds', classes: margins };
  }
}

/** A booster returns a NumPy array of float64. */
function lightgbmFlavors(_features: readonly string[], target: Target = { kind: 'number' }): MlflowFlavors {
  const shape = target.kind === 'class' ? [-1, target.classes.length] : [-1];
  return {
    flavors: {
      python_function: { data: modelFile, loader_module: 'mlflow.lightgbm' },
      lightgbm: {
        code: null,
        data: modelFile,
        lgb_version: '4.7.0',
        model_class: 'lightgbm.basic.Booster',
      },
    },
    requirements: ['pandas>=2', 'lightgbm>=4,<5'],
    columnNames: plainNames,
    outputs: [{ type: 'tensor', 'tensor-spec': { dtype: 'float64', shape } }],
  };
}

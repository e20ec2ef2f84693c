import { PlatformError } from '../../kernel/errors.ts';
import { float32In } from '../../kernel/bytes-of.ts';
import type { Kind, Target } from '../../project/models/kind.ts';
import type {
  FitContext,
  Fitted,
  TrainerDefinition,
  TrainerOptions,
  TrainingRows,
  TrainingSubsets,
  TrialContext,
  TrialResult,
} from '../../project/models/trainer.ts';
import type { Objective } from '../boosted-trees/objective.ts';
import { respond } from '../boosted-trees/objective.ts';
import { openPlainPredictor } from '../boosted-trees/predictor.ts';
import { openScorer } from '../boosted-trees/scorer.ts';
import { xgboostFlavors } from '../boosted-trees/trainer.ts';
import { gainShares, type Trees } from '../boosted-trees/trees.ts';
import { classNames, trueNames } from '../boosted-trees/xgboost-format.ts';
import { renamedFeatures, xgboostNames } from '../boosted-trees/xgboost-names.ts';
import { readXgboost } from '../boosted-trees/xgboost-read.ts';
import { predictionsOf } from '../predictions-of.ts';
import { requireEqualPredictions } from './compare-predictions.ts';
import { fitInPython, type Library, type LibraryFit, type LibraryResult, outputsOf } from './library-job.ts';
import { libraryLearning } from './library-learning.ts';
import { libraryOptions, unknownOptions } from './library-options.ts';
import { type LibraryTrainer, libraryTrainer } from './library-trainer.ts';
import { divergedTrial, libraryTrial } from './library-trial.ts';
import { xgboostOptions } from './xgboost-names.ts';

/** Wheels of XGBoost for Linux on Intel bring 200 MB of CUDA; this package is XGBoost without it. */
const wheel = process.platform === 'linux' && process.arch === 'x64' ? 'xgboost-cpu' : 'xgboost';

const library: Library = {
  name: 'xgboost',
  title: 'XGBoost',
  requirements: [`${wheel}==3.2.0`, 'numpy==2.4.6', 'scipy==1.17.1'],
  namesOf: xgboostNames,
};

const modelFile = 'model.xgb.json';

const definition: TrainerDefinition<string, TrainerOptions> = {
  name: 'xgboost',
  options: libraryOptions(['num_class', 'validate_parameters', 'verbosity']),
  check: (options) => unknownOptions(options, xgboostOptions, library.title),
  learns: ['number', 'boolean', 'class'],
  requirements: library.requirements,
  fit,
  trial,
  open: async (read) => openPlainPredictor(readXgboost(await read(modelFile), modelFile)),
  mlflow: xgboostFlavors,
};

/**
 * XGBoost itself, with its own options, fitted in Python and served without it. `n_estimators` is the most trees (1,000) and
 * `early_stopping_rounds` ends them by the validation rows (30; 0 never); `categories` names features that are codes.
 * @example xgboost({ max_depth: 4, eta: 0.1 })
 */
export const xgboost: LibraryTrainer = libraryTrainer(definition, ['seed', 'random_state']);

async function fit(options: TrainerOptions, rows: TrainingSubsets, context: FitContext): Promise<Fitted> {
  const result = await fitted({ options, rows, context, refits: true });
  const bytes = result.file('model.json');
  return {
    files: [{ name: modelFile, bytes }],
    importances: gainShares(openTrees(result, rows.validation, context.target)),
    fittedParams: { trees: result.rounds ?? 0 },
    ...libraryLearning(result),
    packages: result.packages,
    heldOut: predictionsOf(context.target, float32In(result.file('held-out.f4'))),
  };
}

async function trial(
  options: TrainerOptions,
  rows: TrainingSubsets,
  context: TrialContext,
): Promise<TrialResult> {
  const result = await fitted({ options, rows, context, refits: false });
  if (result.diverged !== undefined) return divergedTrial;
  openTrees(result, rows.validation, context.target);
  const heldOut = predictionsOf(context.target, float32In(result.file('held-out.f4')));
  const isOwnLoss = (options['objective'] ?? squared) !== squared && !('eval_metric' in options);
  return libraryTrial(result, { target: context.target, validation: rows.validation, heldOut, isOwnLoss });
}

function fitted(fit: LibraryFit): Promise<LibraryResult> {
  const { target } = fit.context;
  refuseOption('objective', fit.options, objectivesOf[target.kind]);
  refuseOption('booster', fit.options, ['gbtree']);
  const { features } = fit.rows.train.matrix;
  return fitInPython(library, {
    ...fit,
    attributes: {
      ...(renamedFeatures(features) && { [trueNames]: JSON.stringify(features) }),
      ...(target.kind === 'class' && { [classNames]: JSON.stringify(target.classes) }),
    },
  });
}

const squared = 'reg:squarederror';

const objectivesOf: Readonly<Record<Kind, readonly Objective[]>> = {
  number: [squared, 'count:poisson', 'reg:quantileerror', 'reg:pseudohubererror'],
  boolean: ['binary:logistic'],
  class: ['multi:softprob'],
};

/** Models with other values could be fitted and not served. */
function refuseOption(name: string, options: TrainerOptions, supported: readonly string[]): void {
  const value = options[name];
  if (value === undefined || supported.some((each) => each === value)) return;
  throw new PlatformError('PROJECT_INVALID', {
    field: `option ${name} of XGBoost`,
    value,
    remedy: `must be ${supported.join(' or ')}, which Modelyard can serve`,
  });
}

/** The model as it will be served. @throws PlatformError MODEL_UNSUPPORTED if it predicts anything else than XGBoost */
function openTrees(result: LibraryResult, { matrix }: TrainingRows, target: Target): Trees {
  const { trees } = readXgboost(result.file('model.json'), modelFile);
  const theirs = float32In(result.file('sample.f4'));
  const outputs = outputsOf(target);
  const margins = openScorer(trees)(matrix.columns, theirs.length / outputs);
  const ours = respond(trees.objective, margins, trees.bases.length);
  requireEqualPredictions(ours, theirs, { library: library.title, outputs });
  return trees;
}

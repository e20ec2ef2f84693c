import { z } from 'zod';
import { float64In } from '../../kernel/bytes-of.ts';
import { nearestName } from '../../kernel/nearest-name.ts';
import { formatGiven } from '../../project/models/format-given.ts';
import { isOptions } from '../../project/models/trainer-shape.ts';
import type { Kind, Target } from '../../project/models/kind.ts';
import type { Predictor } from '../../project/models/predictor.ts';
import type { PyfuncOutput, PyfuncProcess, Python } from '../../project/python.ts';
import type {
  FitContext,
  Fitted,
  MlflowFlavors,
  ModelFile,
  OpenContext,
  Trainer,
  TrainerDefinition,
  TrainerOptions,
  TrainingRows,
  TrainingSubsets,
  TrialContext,
  TrialResult,
} from '../../project/models/trainer.ts';
import { mlflowModelFiles } from '../mlflow-model.ts';
import { jsonFile, jsonOf, parseModel, textFile } from '../model-file.ts';
import { numbersOf, predictionsOf } from '../predictions-of.ts';
import { needsPython, pyfuncPredictor } from '../pyfunc-predictor.ts';
import { readFitted } from '../read-fitted.ts';
import { trialResult } from '../trial.ts';
import { requireEqualPredictions } from './compare-predictions.ts';
import { libraryHeader } from './library-header.ts';
import { fitInPython, type Library, type LibraryResult, outputsOf } from './library-job.ts';
import { libraryOptions, unknownOptions } from './library-options.ts';
import { divergedTrial } from './library-trial.ts';
import { estimatorOptions } from './sklearn-names.ts';

const version = '1.9.1';

/** The model predicts with the packages that fitted it; MLflow loads it there. */
const library: Library = {
  name: 'sklearn',
  title: 'scikit-learn',
  requirements: [
    `scikit-learn==${version}`,
    'numpy==2.4.6',
    'scipy==1.17.1',
    'pandas==2.3.3',
    'mlflow-skinny==3.12.0',
  ],
  namesOf: (features) => features,
};

const modelFile = 'model.pkl';
const headerFile = 'sklearn.json';

const definition: TrainerDefinition<string, TrainerOptions> = {
  name: 'sklearn',
  options: libraryOptions(),
  check: checkEstimator,
  learns: ['number', 'boolean', 'class'],
  learnsWith: ({ estimator }) => kindsOf(estimator),
  requirements: library.requirements,
  fit,
  trial,
  open: (read, _parts, context) => open(read, context),
  mlflow: sklearnFlavors,
};

type Learning<Estimator extends string> = Estimator extends `${string}Regressor`
  ? 'number'
  : Estimator extends `${string}Classifier`
    ? 'boolean' | 'class'
    : Kind;

interface SklearnTrainer {
  <
    const Estimator extends `${string}.${string}`,
    const Given extends TrainerOptions = Readonly<Record<never, never>>,
  >(
    estimator: Estimator,
    options?: Given,
  ): Trainer<string, Given, Learning<Estimator>>;
  readonly definition: TrainerDefinition;
}

/**
 * An estimator of scikit-learn with its own options, by its path in the package. It is fitted in Python, and predicts there in
 * a process of its own. A name that ends in Regressor or Classifier says what it learns; `categories` names features that are
 * codes.
 * @example sklearn('ensemble.HistGradientBoostingClassifier', { max_depth: 4 })
 */
export const sklearn: SklearnTrainer = Object.assign(
  <const Estimator extends `${string}.${string}`, const Given extends TrainerOptions>(
    estimator: Estimator,
    options?: Given,
  ): Trainer<string, Given, Learning<Estimator>> => {
    if (options !== undefined && !isOptions(options))
      return { kind: 'trainer', name: definition.name, options, type: sklearn };
    // The estimator is among the options of a run, and not one that a search can name.
    const all: TrainerOptions = { ...options, estimator };
    return { kind: 'trainer', name: definition.name, options: all as Given, type: sklearn };
  },
  { definition: definition as TrainerDefinition },
);

/** Estimators of other modules than those listed are left to scikit-learn. */
function checkEstimator({ estimator, ...options }: TrainerOptions): readonly string[] {
  if (typeof estimator !== 'string' || !Object.hasOwn(estimatorOptions, estimator))
    return pathProblems(estimator);
  const names = estimatorOptions[estimator]?.split(' ') ?? [];
  const given = Object.entries(options).filter(([name]) => !name.includes('__'));
  return unknownOptions(Object.fromEntries(given), names, estimator);
}

function pathProblems(estimator: unknown): readonly string[] {
  const path = typeof estimator === 'string' ? estimator : '';
  const names = Object.keys(estimatorOptions);
  const meant = names.find((name) => name.endsWith(`.${path}`)) ?? nearestName(path, names);
  if (meant === undefined && /^[\w.]+\.[A-Z]\w*$/.test(path)) return [];
  const hint =
    meant === undefined ? "give its path, such as 'linear_model.Ridge'" : `did you mean '${meant}'?`;
  return [`sklearn(${formatGiven(estimator)}) is not an estimator of scikit-learn: ${hint}`];
}

function kindsOf(estimator: unknown): readonly Kind[] {
  if (typeof estimator !== 'string') return definition.learns;
  if (estimator.endsWith('Regressor')) return ['number'];
  return estimator.endsWith('Classifier') ? ['boolean', 'class'] : definition.learns;
}

async function fit(options: TrainerOptions, rows: TrainingSubsets, context: FitContext): Promise<Fitted> {
  const { target } = context;
  const { features } = rows.train.matrix;
  const result = await fitInPython(library, { options, rows, context, refits: true });
  const header = { format: 1, features, target, requirements: library.requirements };
  const files = [{ name: modelFile, bytes: result.file(modelFile) }, jsonFile(headerFile, header)];
  await requireServable(files, {
    theirs: float64In(result.file('sample.f8')),
    validation: rows.validation,
    target,
    python: context.python,
  });
  return {
    files,
    ...roundsOf(result),
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
  const { target } = context;
  const heldOut = predictionsOf(target, float64In(result.file('held-out.f8')));
  return { ...trialResult(target, rows.validation, heldOut), ...roundsOf(result) };
}

function roundsOf({ rounds }: LibraryResult): Pick<Fitted, 'fittedParams'> {
  return rounds === undefined ? {} : { fittedParams: { rounds } };
}

/** @throws PlatformError MODEL_UNSUPPORTED if the process that will serve the model predicts anything else than the fit */
async function requireServable(
  files: readonly ModelFile[],
  {
    theirs,
    validation: { matrix },
    target,
    python,
  }: {
    readonly theirs: Float64Array;
    readonly validation: TrainingRows;
    readonly target: Target;
    readonly python: Python | undefined;
  },
): Promise<void> {
  const outputs = outputsOf(target);
  const predictor = await open(readFitted(definition.name, files), { ...(python && { python }) });
  try {
    const predictions = await predictor.predict({ ...matrix, rows: theirs.length / outputs });
    requireEqualPredictions(numbersOf(target, predictions), theirs, { library: library.title, outputs });
  } finally {
    await predictor.close?.();
  }
}

const headerSchema = libraryHeader.extend({ requirements: z.array(z.string()) });

/** The folder that Python loads is made here: that of a version is not there yet while the model is fitted. */
async function open(
  read: (name: string) => Promise<Uint8Array>,
  { python }: OpenContext = {},
): Promise<Predictor> {
  if (!python) throw needsPython(definition.name);
  const { features, target, requirements } = parseModel(headerSchema, jsonOf(await read(headerFile)), {
    field: headerFile,
    remedy: 'Train the model again.',
  });
  const [descriptor] = mlflowModelFiles({
    features,
    trainer: definition.name,
    mlflow: sklearnFlavors(features, target),
    modelUuid: '0'.repeat(32),
  }) as readonly [ModelFile];
  const folder = [
    descriptor,
    textFile('requirements.txt', requirements.join('\n')),
    { name: modelFile, bytes: await read(modelFile) },
  ];
  const process = await python.open({
    files: folder.map(({ name }) => name),
    read: readFitted(definition.name, folder),
  });
  return pyfuncPredictor(target.kind === 'class' ? withAllClasses(process, target.classes) : process, target);
}

/** A class without rows is unknown to the model: its probability is 0. */
function withAllClasses(process: PyfuncProcess, classes: readonly string[]): PyfuncProcess {
  return {
    ...process,
    async predict(rows, as): Promise<PyfuncOutput> {
      const { kind, names, columns } = await process.predict(rows, as);
      const absent = classes.filter((name) => !names.includes(name));
      return {
        kind,
        names: [...names, ...absent],
        columns: [...columns, ...absent.map(() => new Float64Array(rows.rows))],
      };
    },
  };
}

/** `predict` of an estimator returns numbers, 0 and 1, or the names of classes. */
function sklearnFlavors(_features: readonly string[], target: Target = { kind: 'number' }): MlflowFlavors {
  const type = { number: 'double', boolean: 'long', class: 'string' }[target.kind];
  return {
    flavors: {
      python_function: {
        loader_module: 'mlflow.sklearn',
        model_path: modelFile,
        predict_fn: 'predict',
      },
      sklearn: {
        code: null,
        pickled_model: modelFile,
        serialization_format: 'pickle',
        sklearn_version: version,
      },
    },
    requirements: library.requirements.filter((line) => !line.startsWith('mlflow')),
    outputs: [{ type, name: 'prediction', required: true }],
  };
}

import { PlatformError } from '../../kernel/errors.ts';
import { formatCount } from '../../kernel/units.ts';
import type { Target } from '../../project/models/kind.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Python } from '../../project/python.ts';
import type {
  FitContext,
  Fitted,
  ModelFile,
  TrainerDefinition,
  TrainingRows,
  TrainingSubsets,
  TrialContext,
} from '../../project/models/trainer.ts';
import { fitMembers, openMembers } from '../../training/average/members.ts';
import { fitCalibration } from '../../training/calibration/calibration.ts';
import { holdOut } from '../../training/hold-out.ts';
import { readFitted } from '../../training/read-fitted.ts';
import { fitResidualInterval } from '../../training/residual-interval.ts';
import { canonicalFile } from '../version/canonical-file.ts';
import { checkedPredictor } from '../version/checked-predictor.ts';
import { probabilitiesOf } from '../version/finish-prediction.ts';
import { type FitSettings, fitSettingsName } from './fit-settings.ts';
import { type PredictionRule, predictionRuleName } from '../version/prediction-rule.ts';
import { noneHeldOut, uncalibrated } from './rule-warnings.ts';

/** A trainer, and the trainers that it was given. */
export interface LoadedTrainer {
  readonly definition: TrainerDefinition;
  readonly parts: readonly TrainerDefinition[];
  /** @default a trainer that needs Python cannot fit */
  readonly python?: Python;
  /** Adds a line to the log of the task. @default lines are dropped */
  readonly log?: (line: string) => void;
}

export interface FittedModel extends Pick<Fitted, 'importances' | 'fittedParams' | 'packages' | 'learning'> {
  /** The trainer's files. */
  readonly files: readonly ModelFile[];
  readonly rule: PredictionRule;
  /** Files about how it was fitted and how it predicts. */
  readonly ruleFiles: readonly ModelFile[];
  /** Why predictions have no interval, or probabilities are not calibrated. */
  readonly warnings: readonly string[];
}

/**
 * Fits a model, and what makes its predictions honest: the calibration of its probabilities, or an interval around its
 * numbers if the trainer gives none. Both are fitted on rows that the model had not learned from.
 * @param rows their targets are already transformed
 * @throws PlatformError DATA_INVALID for a class that is the only one; errors of the trainer
 */
export async function fitModel(
  trainer: LoadedTrainer,
  { rows, settings }: { readonly rows: TrainingSubsets; readonly settings: FitSettings },
  progress: FitContext['progress'],
): Promise<FittedModel> {
  refuseOneClass(settings.target, rows);
  const { definition } = trainer;
  const { options, ensemble, interval } = settings;
  const context = { ...trialContext(trainer, settings), interval, progress };
  const fit = (subsets: TrainingSubsets): Promise<Fitted> =>
    ensemble
      ? fitMembers(definition, ensemble, { rows: subsets, context })
      : definition.fit(options, subsets, context);
  const fitted = await fit(rows);
  const { rule, warnings } = await fitRule(fitted, { trainer, rows, settings, fit });
  return {
    ...fitted,
    rule,
    warnings,
    ruleFiles: [
      canonicalFile(predictionRuleName, rule),
      canonicalFile(fitSettingsName, { ...settings, ...(fitted.packages && { packages: fitted.packages }) }),
    ],
  };
}

interface Fitting {
  readonly trainer: LoadedTrainer;
  readonly rows: TrainingSubsets;
  readonly settings: FitSettings;
  readonly fit: (subsets: TrainingSubsets) => Promise<Fitted>;
}

async function fitRule(fitted: Fitted, fitting: Fitting): Promise<Pick<FittedModel, 'rule' | 'warnings'>> {
  const { trainer, rows, settings } = fitting;
  const { target, calibrate, interval, ordered, ensemble } = settings;
  const shares = ensemble?.map(({ share }) => share);
  const plain: PredictionRule = { format: 1, target, ...(shares && { ensemble: shares }) };
  if (target.kind === 'number' ? await givesIntervals(fitted, fitting) : calibrate === 'none')
    return { rule: plain, warnings: [] };
  const predictions = fitted.heldOut ?? (await predictHeldOut(fitting));
  if (!predictions) return { rule: plain, warnings: [noneHeldOut(target)] };
  const { name } = trainer.definition;
  const { target: truth, group, order } = rows.validation;
  if (target.kind === 'number') {
    // An adaptive interval follows the errors in the order of time.
    const inOrder = [...predictions.keys()].toSorted((a, b) => (order[a] as number) - (order[b] as number));
    const residuals = {
      truth: inOrder.map((row) => truth[row] as number),
      predicted: inOrder.map((row) => numberOf(predictions[row], name)),
      ordered,
    };
    return { rule: { ...plain, interval: fitResidualInterval(residuals, interval) }, warnings: [] };
  }
  const each = predictions.map((prediction) => probabilitiesOf(prediction, target, name));
  const probabilities = Array.from(each[0] ?? [], (_, index) =>
    Float64Array.from(each, (values) => values[index] ?? Number.NaN),
  );
  const clusters = { of: ordered && !repeats(group) ? order : group, time: ordered ? order : undefined };
  const calibration = fitCalibration(calibrate, { target, probabilities, truth, clusters });
  return { rule: { ...plain, calibration }, warnings: uncalibrated(calibration, target) };
}

/** Without a declared group each row has its own. */
function repeats(group: Int32Array): boolean {
  return new Set(group).size < group.length;
}

async function givesIntervals(fitted: Fitted, fitting: Fitting): Promise<boolean> {
  const [first] = await predictWith(fitted, fitting, firstRow(fitting.rows.validation));
  return first?.kind === 'number' && first.interval !== undefined;
}

/** What a model that never saw the validation rows predicts for them; undefined if there are too few rows for one. */
async function predictHeldOut(fitting: Fitting): Promise<readonly Prediction[] | undefined> {
  const { rows, fit } = fitting;
  const inner = holdOut(rows.train);
  return inner && predictWith(await fit(inner), fitting, rows.validation);
}

async function predictWith(
  { files }: Fitted,
  { trainer: { definition, parts, python }, settings: { ensemble } }: Pick<Fitting, 'trainer' | 'settings'>,
  { matrix }: Pick<TrainingRows, 'matrix'>,
): Promise<readonly Prediction[]> {
  const read = readFitted(definition.name, files);
  const context = { ...(python && { python }) };
  const shares = ensemble?.map(({ share }) => share);
  const opened = await (shares
    ? openMembers(definition, shares, { read, parts, context })
    : definition.open(read, parts, context));
  try {
    return await checkedPredictor(opened, definition.name).predict(matrix);
  } finally {
    await opened.close?.();
  }
}

function firstRow({ matrix }: TrainingRows): Pick<TrainingRows, 'matrix'> {
  return { matrix: { ...matrix, rows: 1, columns: matrix.columns.map((column) => column.subarray(0, 1)) } };
}

/** What a trainer is told of its rows. */
export function trialContext(
  { definition, parts, python, log }: LoadedTrainer,
  { target, parts: options }: Pick<FitSettings, 'target' | 'parts'>,
): TrialContext {
  if (parts.length !== options.length)
    throw new PlatformError('INTERNAL', {
      field: `parts of trainer ${definition.name}`,
      value: parts.length,
      remedy: `must be ${options.length}, one for each part's options`,
    });
  const about = { target, ...(python && { python }), ...(log && { log }) };
  if (parts.length === 0) return about;
  return {
    ...about,
    parts: parts.map((part, index) => ({ definition: part, options: options[index] ?? {} })),
  };
}

/** @throws PlatformError DATA_INVALID for rows of a single class */
export function refuseOneClass(target: Target, { train, validation }: TrainingSubsets): void {
  if (target.kind === 'number') return;
  const [first] = train.target;
  const values = [train.target, validation.target];
  if (first === undefined || values.some((each) => each.some((value) => value !== first))) return;
  const rows = train.target.length + validation.target.length;
  throw new PlatformError('DATA_INVALID', {
    field: 'target of the training rows',
    value: target.kind === 'class' ? target.classes[first] : first === 1,
    remedy: `All ${formatCount(rows)} have the same class, so there is nothing to tell apart: train on rows of at least two classes.`,
  });
}

function numberOf(prediction: Prediction | undefined, trainer: string): number {
  if (prediction?.kind === 'number') return prediction.value;
  throw new PlatformError('USER_CODE_FAILED', {
    field: `predict of trainer ${trainer}`,
    value: prediction?.kind,
    remedy: 'must predict a number, because the target is a number',
  });
}

import { asJson, type Json } from '../../kernel/json.ts';
import type { PredictionRule } from './prediction-rule.ts';

interface Described {
  readonly rule: PredictionRule;
  /** Whether the model has a transform. */
  readonly transformed: boolean;
  /** The target's column. */
  readonly target: string;
}

/**
 * What a client of MLflow must know of a model: its target, and what the endpoint does with the predictions of the file that
 * MLflow loads.
 */
export function mlflowMetadata({ rule, transformed, target }: Described): Readonly<Record<string, Json>> {
  const { kind } = rule.target;
  const isCalibrated = rule.calibration?.curves.some(({ method }) => method !== 'none') ?? false;
  const differences = [
    ...(isCalibrated ? ['calibrates the probabilities with modelyard_calibration'] : []),
    ...(transformed
      ? [`applies the project's transform.inverse, which makes ${target} of the prediction`]
      : []),
    ...(rule.interval ? ['adds an interval'] : []),
  ];
  return {
    modelyard_target: {
      name: target,
      kind,
      ...(rule.target.kind === 'class' && { classes: [...rule.target.classes] }),
    },
    ...(isCalibrated && rule.calibration && { modelyard_calibration: asJson(rule.calibration) }),
    ...(differences.length > 0 && { modelyard_endpoint: `The endpoint also ${differences.join(', and ')}.` }),
  };
}

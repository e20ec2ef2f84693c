import { PlatformError } from '../kernel/errors.ts';
import type { Predictor } from '../project/predictor.ts';

/** A predictor that must answer each row once. @throws PlatformError USER_CODE_FAILED for more or fewer answers */
export function checkedPredictor(predictor: Predictor, trainer: string): Predictor {
  const { features } = predictor;
  const check = <Row>(of: string, answered: readonly Row[], rows: number): readonly Row[] => {
    if (Array.isArray(answered) && answered.length === rows) return answered;
    throw new PlatformError('USER_CODE_FAILED', {
      field: `${of} of trainer ${trainer}`,
      value: Array.isArray(answered) ? answered.length : typeof answered,
      remedy: `must return one item for each of the ${rows} rows`,
    });
  };
  return {
    features,
    predict: async (rows) => check('predict', await predictor.predict(rows), rows.rows),
    ...(predictor.explain && {
      explain: async (rows) => check('explain', (await predictor.explain?.(rows)) ?? [], rows.rows),
    }),
  };
}

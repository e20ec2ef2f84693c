import { PlatformError } from '../../kernel/errors.ts';
import type { Predictor } from '../../project/models/predictor.ts';

/** Checks that a predictor returns one item for each row. @throws PlatformError USER_CODE_FAILED if it does not */
export function checkedPredictor(predictor: Predictor, trainer: string): Predictor {
  const { features } = predictor;
  const check = <Row>(of: string, returned: readonly Row[], rows: number): readonly Row[] => {
    if (Array.isArray(returned) && returned.length === rows) return returned;
    throw new PlatformError('USER_CODE_FAILED', {
      field: `${of} of trainer ${trainer}`,
      value: Array.isArray(returned) ? returned.length : typeof returned,
      remedy: `must return one item for each of the ${rows} rows`,
    });
  };
  return {
    features,
    predict: async (rows) => check('predict', await predictor.predict(rows), rows.rows),
    ...(predictor.close && { close: () => predictor.close?.() ?? Promise.resolve() }),
    ...(predictor.explain && {
      explain: async (rows) => check('explain', (await predictor.explain?.(rows)) ?? [], rows.rows),
    }),
  };
}

import { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import type { Kind } from '../project/models/kind.ts';
import type { Trainer, TrainerDefinition } from '../project/models/trainer.ts';
import { needsPython, pyfuncPredictor } from './pyfunc-predictor.ts';

type NoOptions = Readonly<Record<never, never>>;

/** The file of a model's folder that lists the others, as MLflow's client logged them. */
export const pyfuncListName = 'modelyard/pyfunc.json';
const pyfuncList = z.object({ files: z.array(z.string()) });

const definition: TrainerDefinition = {
  name: 'external',
  learns: ['number', 'boolean', 'class'],
  options: z.object({}),
  external: true,
  fit: () => Promise.reject(trainsNothing()),
  async open(read, _parts, { python, target } = {}) {
    if (!python || !target) throw needsPython(definition.name);
    const { files } = pyfuncList.parse(JSON.parse(new TextDecoder().decode(await read(pyfuncListName))));
    return pyfuncPredictor(await python.open({ files, read }), target);
  },
};

interface ExternalType {
  (): Trainer<'external', NoOptions, Kind>;
  readonly definition: TrainerDefinition;
}

/**
 * Trains nothing: an MLflow client logs the versions, such as `mlflow.sklearn.log_model(…, registered_model_name='churn')`.
 * As the candidate of a forecast, its versions are forecasters of statsmodels, Prophet or a Python function.
 * The next run measures the newest version on the test rows and passes it through the gate. It predicts in Python, in a
 * process of its own.
 */
export const external: ExternalType = Object.assign(
  (): Trainer<'external', NoOptions, Kind> => ({
    kind: 'trainer',
    name: 'external',
    options: {},
    type: external,
  }),
  { definition },
);

function trainsNothing(): PlatformError {
  return new PlatformError('MODEL_UNSUPPORTED', {
    field: 'trainer',
    value: 'external',
    remedy: 'It trains nothing: it is the trainer of a model, not of a baseline or an average.',
  });
}

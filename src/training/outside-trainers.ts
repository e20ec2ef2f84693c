import { PlatformError } from '../kernel/errors.ts';
import { optionsLike } from '../project/models/given-options.ts';
import type { Kind } from '../project/models/kind.ts';
import type { Trainer, TrainerDefinition, TrainerOptions } from '../project/models/trainer.ts';

type Learning<Class extends string> = Class extends `${string}Regressor`
  ? 'number'
  : Class extends `${string}Classifier`
    ? 'boolean' | 'class'
    : Kind;

const allKinds: readonly Kind[] = ['number', 'boolean', 'class'];

/**
 * An estimator of scikit-learn, by its path in the package. A name that ends in Regressor or Classifier says what it learns.
 * @example sklearn('ensemble.HistGradientBoostingClassifier', { max_depth: 4 })
 */
export function sklearn<
  const Class extends `${string}.${string}`,
  const Given extends TrainerOptions = Readonly<Record<never, never>>,
>(estimator: Class, options?: Given): Trainer<string, Given, Learning<Class>> {
  const learns = estimator.endsWith('Regressor')
    ? allKinds.slice(0, 1)
    : estimator.endsWith('Classifier')
      ? allKinds.slice(1)
      : allKinds;
  const unavailable = `${estimator} of scikit-learn does not train yet.`;
  return outside({ name: 'sklearn', learns, unavailable }, { estimator, ...options });
}

function outside<Options extends TrainerOptions, Learns extends Kind>(
  facts: { readonly name: string; readonly learns: readonly Kind[]; readonly unavailable: string },
  options: TrainerOptions,
): Trainer<string, Options, Learns> {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new PlatformError('MODEL_UNSUPPORTED', {
        field: 'trainer',
        value: facts.name,
        remedy: facts.unavailable,
      }),
    );
  const definition: TrainerDefinition = {
    ...facts,
    options: optionsLike(options) as TrainerDefinition['options'],
    fit: refuse,
    trial: refuse,
    open: refuse,
  };
  return { kind: 'trainer', name: facts.name, options: options as Options, type: { definition } };
}

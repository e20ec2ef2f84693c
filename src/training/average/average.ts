import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import type { Kind } from '../../project/models/kind.ts';
import type { Predictor } from '../../project/models/predictor.ts';
import {
  defineTrainer,
  type Fitted,
  type Trainer,
  type TrainerDefinition,
  type TrainingSubsets,
  type FitContext,
  type OpenContext,
} from '../../project/models/trainer.ts';
import type { Weighted } from './combine.ts';
import { paramsOfParts } from './part-names.ts';
import { joinFitted, openAverage } from './parts.ts';

type NoOptions = Readonly<Record<string, never>>;

const { definition } = defineTrainer({
  name: 'average',
  options: z.object({}),
  learns: ['number', 'boolean', 'class'],
  fit: (_options, rows, context) => fitParts(rows, context),
  open: (read, parts = [], context = {}) => openParts(read, parts, context),
});

/**
 * The mean of what several trainers predict: of numbers, or of the probabilities of classes. Each is fitted on the same rows.
 * @example trainer: average([boostedTrees({ trees: 300 }), linear()])
 */
export const average: AverageType = Object.assign(
  <Learns extends Kind>(
    // Without a type check, anything can be given; `defineProject` names what is wrong.
    trainers: readonly Trainer<string, object, Learns>[] | undefined | null,
    options: NoOptions = {},
  ): Trainer<'average', NoOptions, Learns> => ({
    kind: 'trainer',
    name: 'average',
    options,
    type: average,
    parts: (trainers ?? []) as readonly Trainer[],
  }),
  { definition: definition as TrainerDefinition },
);

interface AverageType {
  <Learns extends Kind>(
    trainers: readonly Trainer<string, object, Learns>[],
  ): Trainer<'average', NoOptions, Learns>;
  readonly definition: TrainerDefinition;
}

async function fitParts(rows: TrainingSubsets, context: FitContext): Promise<Fitted> {
  const parts = context.parts ?? [];
  const fitted: Weighted<Fitted>[] = [];
  for (const [index, { definition: part, options }] of parts.entries())
    fitted.push({ share: 1 / parts.length, of: await part.fit(options, rows, partContext(context, index)) });
  const fittedParams = paramsOfParts(
    parts.map(({ definition: { name } }, index) => ({
      trainer: name,
      params: fitted[index]?.of.fittedParams ?? {},
    })),
  );
  return { ...joinFitted(fitted), fittedParams: { trainers: parts.length, ...fittedParams } };
}

/** Progress over all parts, each as one hundredth steps. */
function partContext({ progress, parts = [], ...about }: FitContext, index: number): FitContext {
  const each = 100;
  return {
    ...about,
    progress: (done, total) =>
      progress(index * each + Math.round((each * done) / Math.max(1, total)), each * parts.length, 'percent'),
  };
}

async function openParts(
  read: (name: string) => Promise<Uint8Array>,
  parts: readonly TrainerDefinition[],
  context: OpenContext,
): Promise<Predictor> {
  if (parts.length === 0)
    throw new PlatformError('MODEL_UNSUPPORTED', {
      field: 'trainers of an average',
      value: 0,
      remedy: 'The version lacks the code of its trainers: train the model again.',
    });
  return openAverage(
    parts.map((part) => ({ share: 1 / parts.length, of: part })),
    read,
    context,
  );
}

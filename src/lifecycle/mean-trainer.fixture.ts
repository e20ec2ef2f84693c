import { z } from 'zod';
import { defineTrainer, type Fitted, type Trainer } from '../project/models/trainer.ts';
import type { Predictor } from '../project/models/predictor.ts';

/** A project's own trainer, which predicts the mean of the training rows without an interval. */
export function meanTrainer(
  {
    files = [],
    predict = (mean) => mean,
    features = ['size', 'garden'],
  }: {
    readonly features?: readonly string[];
    /** More files of the model folder. */
    readonly files?: readonly string[];
    /** NaN for a missing size. */
    readonly predict?: (mean: number, size: number) => number;
  } = ({} = {}),
): Trainer {
  return defineTrainer({
    name: 'mean',
    options: z.object({}),
    learns: ['number'],
    fit: async (_options, { train }): Promise<Fitted> => {
      const mean = train.target.reduce((sum, value) => sum + value, 0) / train.target.length;
      const names = ['mean.json', ...files];
      return { files: names.map((name) => ({ name, bytes: new TextEncoder().encode(String(mean)) })) };
    },
    open: async (read): Promise<Predictor> => {
      const mean = Number(new TextDecoder().decode(await read('mean.json')));
      return {
        features,
        predict: async ({ columns: [sizes = []] }) =>
          Array.from(sizes, (size) => ({ kind: 'number', value: predict(mean, size) }) as const),
      };
    },
  })();
}

import { z } from 'zod';
import { defineTrainer, type Fitted, type Trainer } from '../project/trainer.ts';
import type { Predictor } from '../project/predictor.ts';

/** A project's own trainer, which predicts the mean of the training rows without an interval. */
export function meanTrainer(
  {
    files = [],
    predict = (value) => value,
  }: {
    /** More files of the model folder. */
    readonly files?: readonly string[];
    readonly predict?: (mean: number) => number;
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
        features: ['size', 'garden'],
        predict: async ({ rows }) =>
          Array.from({ length: rows }, () => ({ kind: 'number', value: predict(mean) }) as const),
      };
    },
  })();
}

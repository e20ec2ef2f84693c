export type { Explanation, Predictor } from '../project/predictor.ts';
export type { Fitted, Matrix, TrainingRows } from '../project/trainer.ts';

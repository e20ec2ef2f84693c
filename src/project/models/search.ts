/** Drawn evenly between two numbers, or evenly in their logarithm. Whole-number options get whole numbers. */
export type Range = readonly [from: number, to: number] | readonly [from: number, to: number, scale: 'log'];

/** Options that are numbers; a search over seeds would only find luck. */
type Searchable<Options> = Exclude<
  { [Name in keyof Options]: NonNullable<Options[Name]> extends number ? Name : never }[keyof Options],
  'seed'
>;

/**
 * How the options of trials are chosen. 'random': each by itself. 'tpe': near the options of the best trials so far
 * (Tree-structured Parzen Estimator). 'halving': all trials on a part of the rows, and the best third of them on three times
 * as many, until few are left on all rows.
 */
export type SearchMethod = 'random' | 'tpe' | 'halving';

/** When a search ends: after a number of trials, after some minutes, or after whichever comes first. */
type SearchBudget =
  | { readonly trials: number; readonly minutes?: number; readonly method?: 'random' | 'tpe' }
  | { readonly trials?: never; readonly minutes: number; readonly method?: 'random' | 'tpe' }
  | { readonly trials: number; readonly minutes?: never; readonly method: 'halving' };

/** The first trial always uses the trainer's own options. A search that was killed continues with its finished trials. */
export type Search<Options extends object = Readonly<Record<string, number>>> = SearchBudget & {
  readonly space: { readonly [Name in Searchable<Options>]?: Range };
  /** Trials that run at the same time, each in a thread of its own. @default 1 */
  readonly parallel?: number;
  /**
   * Averages the models of at most this many trials, chosen greedily on the validation rows, if that is better there than the
   * best trial alone. @default only the best trial
   */
  readonly ensemble?: number;
  /** @default 0 */
  readonly seed?: number;
};

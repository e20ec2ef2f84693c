/** Drawn evenly between two numbers, or evenly in their logarithm. Whole-number options get whole numbers. */
export type Range = readonly [from: number, to: number] | readonly [from: number, to: number, scale: 'log'];

/** Options that are numbers; a search over seeds would only find luck. */
type Searchable<Options> = Exclude<
  { [Name in keyof Options]: NonNullable<Options[Name]> extends number ? Name : never }[keyof Options],
  'seed'
>;

export interface Search<Options extends object = Readonly<Record<string, number>>> {
  /** The number of trials; the first one always uses the trainer's own options. */
  readonly trials: number;
  readonly space: { readonly [Name in Searchable<Options>]?: Range };
  /** @default 0 */
  readonly seed?: number;
}

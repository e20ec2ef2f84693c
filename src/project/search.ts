/** Drawn evenly between two numbers, or evenly in their logarithm. Options that are whole numbers get whole numbers. */
export type Range = readonly [from: number, to: number] | readonly [from: number, to: number, scale: 'log'];

type Searchable<Options> = {
  [Name in keyof Options]: NonNullable<Options[Name]> extends number ? Name : never;
}[keyof Options];

export interface Search<Options extends object = Readonly<Record<string, number>>> {
  /** Combinations tried; the first is always the trainer's own options. */
  readonly trials: number;
  readonly space: { readonly [Name in Searchable<Options>]?: Range };
  /** @default 0 */
  readonly seed?: number;
}

/** Statistics of a column. Quantiles are at 0, 5, 25, 50, 75, 95 and 100 per cent. */
export interface ColumnProfile {
  readonly nulls: number;
  readonly distinct: number;
  readonly mean?: number;
  readonly deviation?: number;
  readonly quantiles?: readonly number[];
  /** How many values of numbers, dates and times are in each of at most 20 equal bins from the smallest to the largest. */
  readonly histogram?: readonly number[];
  /** The first and the last of dates and times. */
  readonly span?: readonly [first: string, last: string];
  /** The ten most common values of a text column with their counts. */
  readonly common?: readonly (readonly [value: string, count: number])[];
}

export type TableProfile = Readonly<Record<string, ColumnProfile>>;

/** Statistics of a column. Quantiles are at 0, 5, 25, 50, 75, 95 and 100 per cent. */
export interface ColumnProfile {
  readonly nulls: number;
  readonly distinct: number;
  readonly mean?: number;
  readonly deviation?: number;
  readonly quantiles?: readonly number[];
  /** The ten most common values of a text column with their counts. */
  readonly common?: readonly (readonly [value: string, count: number])[];
}

export type TableProfile = Readonly<Record<string, ColumnProfile>>;

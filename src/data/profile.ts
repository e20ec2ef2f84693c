/** What a column's values look like. Quantiles are at 0, 5, 25, 50, 75, 95 and 100 per cent. */
export interface ColumnProfile {
  readonly nulls: number;
  readonly distinct: number;
  readonly mean?: number;
  readonly deviation?: number;
  readonly quantiles?: readonly number[];
  /** The ten commonest values of a text column and their counts. */
  readonly common?: readonly (readonly [value: string, count: number])[];
}

export type TableProfile = Readonly<Record<string, ColumnProfile>>;

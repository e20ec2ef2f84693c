/** The subset of a row, as a number. `none` has rows without a target, and rows that neither train nor test. */
export const subsets = { train: 0, validation: 1, test: 2, none: 3 } as const;
export type Subset = Exclude<keyof typeof subsets, 'none'>;

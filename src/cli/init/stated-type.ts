/** What a caller can say that a column holds. Cells that are something else set their lines aside; text holds everything. */
export const statedTypes = ['number', 'date', 'yes-no', 'text'] as const;
export type StatedType = (typeof statedTypes)[number];

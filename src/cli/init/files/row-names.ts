import type { InferredColumn } from '../column.ts';
import type { ModelDraft } from '../draft.ts';

type Chosen = Pick<ModelDraft, 'target' | 'split'>;

/** Columns that may be blank in the CSV but not in a row to learn from. */
export function mustBeFilled({ target, split }: Chosen): readonly InferredColumn[] {
  return [split.by, target].filter((column) => column !== undefined).filter(({ nullable }) => nullable);
}

/** The column that the step adds: the day of a year, a month and a day. */
export function withDay({ split }: Chosen): string | undefined {
  return split.dayParts?.name;
}

/** The schema of the CSV's lines: that of the rows too, where the step changes nothing. */
export function rawName(draft: Chosen): 'Raw' | 'Row' {
  return mustBeFilled(draft).length > 0 || withDay(draft) !== undefined ? 'Raw' : 'Row';
}

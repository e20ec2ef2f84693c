import type { CutoffsView } from '../../../../src/client/index.ts';

/** What a cutoff of the probability leads to. */
export interface AtCutoff {
  /** Rows that are called a yes. */
  readonly called: number;
  /** Of those, rows that were a yes. */
  readonly right: number;
  readonly wrong: number;
  /** Rows that were a yes and are not called so. */
  readonly missed: number;
  /** Rows that were a no and are not called a yes. */
  readonly rightNo: number;
  /** Of the called ones, the share that were a yes; null without called rows. */
  readonly precision: number | null;
  /** Of those that were a yes, the share that are called; null without such rows. */
  readonly recall: number | null;
}

/** @param percent from 0 to 100 */
export function atCutoff({ rows, yes, called, right }: CutoffsView, percent: number): AtCutoff {
  const [calledRows, rightRows] = [called[percent] ?? 0, right[percent] ?? 0];
  return {
    called: calledRows,
    right: rightRows,
    wrong: calledRows - rightRows,
    missed: yes - rightRows,
    rightNo: rows - yes - (calledRows - rightRows),
    precision: calledRows === 0 ? null : rightRows / calledRows,
    recall: yes === 0 ? null : rightRows / yes,
  };
}

import type { ReactNode } from 'react';

interface OtherTestRowsProps {
  /** 'versions' */
  readonly what: string;
  /** How many columns the table has. */
  readonly columns: number;
}

/** A line of a list below which figures are of other test rows. */
export function OtherTestRows({ what, columns }: OtherTestRowsProps): ReactNode {
  return (
    <tr className="other-test-rows">
      <td colSpan={columns}>Other test rows: do not compare the {what} below with those above.</td>
    </tr>
  );
}

import { formatShare } from '../../../src/client/index.ts';
import type { ReactNode } from 'react';

export interface Bar {
  readonly key: string;
  readonly title: string;
  /** From 0 to 1, if no `amount` is given. */
  readonly share: number;
  /** Written beside the bar. @default the share as a percentage */
  readonly amount?: string;
}

interface BarsProps {
  readonly bars: readonly Bar[];
  /** The share of a full bar. @default the largest of the bars */
  readonly full?: number;
}

/** Shares as bars. */
export function Bars({ bars, full }: BarsProps): ReactNode {
  const largest = full ?? Math.max(...bars.map(({ share }) => share), 1e-9);
  return (
    <ul className="bars">
      {bars.map(({ key, title, share, amount = formatShare(share) }) => (
        <li key={key}>
          <span className="what" title={title}>
            {title}
          </span>
          <span className="bar" aria-hidden="true">
            <i style={{ width: `${(share / largest) * 100}%` }} />
          </span>
          <span className="amount">{amount}</span>
        </li>
      ))}
    </ul>
  );
}

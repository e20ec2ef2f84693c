import { formatNumber } from '../../../src/client/index.ts';
import { type CSSProperties, type ReactNode, useState } from 'react';
import { shareOf, type Scale, scaleOver, type Spread } from './strip-scale.ts';

interface RangeStripProps {
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number };
  /** Undefined if the trainer has no explanations. */
  readonly baseline: number | undefined;
}

/** The range and the prediction on a scale that later predictions keep; the average as a mark below. */
export function RangeStrip({ value, interval, baseline }: RangeStripProps): ReactNode {
  const { low, high } = interval;
  const scale = useGrowingScale({ low, high, baseline: baseline ?? value });
  const at = (of: number): string => `${shareOf(scale, of) * 100}%`;
  const width = `${(shareOf(scale, high) - shareOf(scale, low)) * 100}%`;
  return (
    <div className="strip" aria-hidden="true">
      <div className="strip-track">
        <i className="strip-range" style={{ left: at(low), width }} />
        {baseline !== undefined && <i className="strip-base" style={{ left: at(baseline) }} />}
        <i className="strip-mark" style={{ left: at(value) }} />
      </div>
      <div className="strip-words">
        <span style={{ '--at': at(low) } as CSSProperties}>{formatNumber(low)}</span>
        <span style={{ '--at': at(high) } as CSSProperties}>{formatNumber(high)}</span>
      </div>
      <div className="strip-ends">
        <span>{formatNumber(scale.from)}</span>
        <span style={{ '--at': at(baseline ?? value) } as CSSProperties}>
          {baseline !== undefined && `average ${formatNumber(baseline)}`}
        </span>
        <span>{formatNumber(scale.to)}</span>
      </div>
    </div>
  );
}

function useGrowingScale(spread: Spread): Scale {
  const [earlier, setEarlier] = useState<Scale>();
  const scale = scaleOver(spread, earlier);
  if (scale.from !== earlier?.from || scale.to !== earlier.to) setEarlier(scale);
  return scale;
}

import type { ReactNode } from 'react';

interface YAxisProps {
  readonly low: number;
  readonly high: number;
  readonly format: (value: number) => string;
}

/** The ends of the y axis, beside a chart. */
export function YAxis({ low, high, format }: YAxisProps): ReactNode {
  return (
    <div className="y-axis" aria-hidden="true">
      <span>{format(high)}</span>
      {high !== low && <span>{format(low)}</span>}
    </div>
  );
}

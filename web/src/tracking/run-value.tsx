import type { ReactNode } from 'react';
import { formatNumber } from '../text/numbers.ts';

/** A number or a text that a run logged. Undefined where it logged nothing. */
export function RunValue({ value }: { readonly value: number | string | undefined }): ReactNode {
  if (value === undefined) return <span className="faint">–</span>;
  if (typeof value === 'number') return <span title={String(value)}>{formatMetricNumber(value)}</span>;
  return value;
}

/** A metric, also one that JSON has no number for. */
export function MetricValue({ value }: { readonly value: number | string | undefined }): ReactNode {
  return typeof value === 'string' ? <OddNumber value={value} /> : <RunValue value={value} />;
}

function OddNumber({ value }: { readonly value: string }): ReactNode {
  return <span className="odd-number">{value.replace('Infinity', '∞')}</span>;
}

/** Four significant digits below 1,000; small ones as '3.2e−7'. */
function formatMetricNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toExponential(2).replaceAll('-', '−');
  return size >= 1000 || value === 0 ? formatNumber(value) : formatNumber(Number(value.toPrecision(4)));
}

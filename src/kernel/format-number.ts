const minus = '\u2212';

/** Three significant digits below 1,000 and whole numbers above, with a real minus: '15.9', '0.642', '1,432', '−5.3'. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits =
    Math.abs(value) >= 1000
      ? { maximumFractionDigits: 0 }
      : { maximumSignificantDigits: 3, maximumFractionDigits: 6 };
  return value.toLocaleString('en-US', digits).replace('-', minus);
}

/** Whole numbers that may be years have no separator. */
function mayBeYear(value: number): boolean {
  return value >= 1500 && value < 2200;
}

/** A value of the data: whole numbers in full, others as formatNumber: '612,400', '0.642', and '2015' without a unit. */
export function formatValue(value: number, unit: string | null = null): string {
  if (!Number.isInteger(value) || Math.abs(value) >= 1e15) return formatNumber(value);
  return value
    .toLocaleString('en-US', { useGrouping: unit !== null || !mayBeYear(value) })
    .replace('-', minus);
}

/** A number with all of its digits, as a caller gave it: '−122.8004', '1,800'. */
export function formatExact(value: number, unit: string | null = null): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return formatValue(value, unit);
  return value.toLocaleString('en-US', { maximumFractionDigits: 20 }).replace('-', minus);
}

export interface Ends {
  readonly low: number;
  readonly high: number;
  /** A value outside: neither end is rounded past it. */
  readonly outside?: number;
}

/**
 * Writes the numbers of a range with enough digits to distinguish its ends, three or more.
 * @example formatWithin({ low: -122.519, high: -121.316 })(-122.519) // '−122.52'
 */
export function formatWithin(ends: Ends, unit: string | null = null): (value: number) => string {
  const digits = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].find((each) => isDistinct(ends, each));
  return (value) => {
    if (Number.isInteger(value)) return formatValue(value, unit);
    if (digits === undefined) return formatExact(value, unit);
    return digits === 3 ? formatNumber(value) : formatExact(rounded(value, digits));
  };
}

/** Whether so many digits move an end by less than a hundredth of the range, and not past the value outside. */
function isDistinct({ low, high, outside }: Ends, digits: number): boolean {
  const [from, to] = [rounded(low, digits), rounded(high, digits)];
  const error = Math.max(Math.abs(from - low), Math.abs(to - high));
  if (error > (high - low) / 100) return false;
  if (outside === undefined) return true;
  return outside < low ? outside < from : outside <= high || outside > to;
}

function rounded(value: number, digits: number): number {
  if (Number.isInteger(value)) return value;
  return digits === 3 && Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(digits));
}

/** A change, always with its sign: '+11.2', '−0.4', '0'. All of a list have the decimals that suit its largest. */
export function formatSigned(value: number, largest: number): string {
  const decimals = decimalsFor(largest);
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  if (Number(text.replaceAll(',', '')) === 0) return '0';
  return (value < 0 ? minus : '+') + text;
}

const mostDecimals = 6;

/** Two significant digits of a number below 1, one decimal below 100, and none above. */
function decimalsFor(largest: number): number {
  if (largest >= 100) return 0;
  return largest >= 1 ? 1 : Math.min(mostDecimals, 1 - Math.floor(Math.log10(largest || 1)));
}

/** '12%', '<1%' for what would look like nothing, and '>99%' for what would look certain. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 100 && share < 1) return '>99%';
  return percent === 0 && share > 0 ? '<1%' : `${percent}%`;
}

/** As formatNumber, with zeros kept so that a column of them lines up: '0.640'. */
export function formatAligned(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1000) return formatNumber(value);
  return value
    .toLocaleString('en-US', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 })
    .replace('-', minus);
}

/** '153–188 runs'; '−3 to 2 runs', since a dash before a minus is hard to read. */
export function formatRange(low: number, high: number, unit: string | null): string {
  return `${formatNumber(low)}${low < 0 ? ' to ' : '–'}${withUnit(high, unit)}`;
}

/** The same number with its unit, where it has one: '15.9 runs'. */
export function withUnit(value: number, unit: string | null): string {
  return unit === null ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}

const minus = '\u2212';

/** How a column's whole numbers are written: an amount is '1,843', and a year is '1843'. */
export type NumberForm = 'amount' | 'year';

/** What is known of a column of numbers. */
export interface NumberColumn {
  readonly name: string;
  readonly unit: string | null;
  /** Of its values. @default not known */
  readonly range?: readonly [low: number, high: number] | undefined;
}

const [firstYear, lastYear] = [1500, 2199];
const yearNames = /^(?:years?|yrs?|jahre?|ann[ée]es?|año|ano|anno|vintage)$/;

/**
 * What a column holds: years, if it has no unit, its name says so and no value is later than a year can be, or if its range
 * lies within those of years.
 */
export function numberForm({ name, unit, range }: NumberColumn): NumberForm {
  if (unit !== null && unit !== '') return 'amount';
  const [low, high] = range ?? [undefined, undefined];
  if (high !== undefined && high > lastYear) return 'amount';
  if (low !== undefined && low >= firstYear && Number.isInteger(low)) return 'year';
  const parts = name
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  return parts.some((part) => yearNames.test(part)) ? 'year' : 'amount';
}

/**
 * A number for people, with a real minus: three significant digits below 1,000, and whole numbers above.
 * @example [15.94, 0.6419, 1432.6, -5.3].map((value) => formatNumber(value)) // ['15.9', '0.642', '1,433', '−5.3']
 */
export function formatNumber(value: number, form: NumberForm = 'amount'): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return formatInteger(value, form);
  const digits =
    Math.abs(value) >= 1000
      ? { maximumFractionDigits: 0 }
      : { maximumSignificantDigits: 3, maximumFractionDigits: 6 };
  return value.toLocaleString('en-US', digits).replace('-', minus);
}

/** A number with all of its digits, as a caller gave it: '−122.8004', '1,800'. */
export function formatExact(value: number, form: NumberForm = 'amount'): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return formatNumber(value, form);
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
export function formatWithin(ends: Ends, form: NumberForm = 'amount'): (value: number) => string {
  const digits = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].find((each) => isDistinct(ends, each));
  return (value) => {
    if (Number.isInteger(value)) return formatNumber(value, form);
    if (digits === undefined) return formatExact(value, form);
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

function decimalsFor(largest: number): number {
  if (largest >= 100) return 0;
  return largest >= 1 ? 1 : Math.min(6, 1 - Math.floor(Math.log10(largest || 1)));
}

/** '12%', '<1%' for what would look like nothing, and '>99%' for what would look certain. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 100 && share < 1) return '>99%';
  return percent === 0 && share > 0 ? '<1%' : `${percent}%`;
}

function formatInteger(value: number, form: NumberForm): string {
  const useGrouping = form === 'amount' || value < firstYear || value > lastYear;
  return value.toLocaleString('en-US', { useGrouping }).replace('-', minus);
}

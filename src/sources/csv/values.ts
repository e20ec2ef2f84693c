import type { Decimal } from './format.ts';

/** What means a missing value, unless `missing` lists others. */
export const missingMarks: readonly string[] = ['', 'NA', 'N/A', 'NaN', 'null', '?', '-', '.'];

/** Texts for `isMissing`, which ignores case. */
export function missingSet(marks: readonly string[] = missingMarks): ReadonlySet<string> {
  return new Set(marks.map((mark) => mark.trim().toLowerCase()));
}

/** Whether a cell says that its value is missing; ignores case and blanks around it. */
export function isMissing(text: string, marks: ReadonlySet<string>): boolean {
  if (text === '') return marks.has('');
  return marks.has(text.trim().toLowerCase());
}

/** A number as a cell has it. */
export interface WrittenNumber {
  readonly value: number;
  /** The currency sign or code beside it, such as $ or EUR. */
  readonly currency?: string | undefined;
  /** Whether a percent sign follows it. */
  readonly isPercent?: boolean;
}

export interface NumberOptions {
  /** @default '.' */
  readonly decimal?: Decimal;
}

/** The number of a cell. @returns undefined for any other text; see `readWrittenNumber` */
export function readNumber(text: string, options: NumberOptions = {}): number | undefined {
  return readWrittenNumber(text, options)?.value;
}

/**
 * Reads a number with a sign, an exponent, thousands marks in groups of three, a currency sign or code, or a percent sign:
 * 1,234.5, 1 234.5, 12,34,567, $5, 5 EUR, 45% (which is 45), ($5.00) and 5.00- (which are -5).
 * @returns undefined for any other text, and for a number that no double can hold
 */
export function readWrittenNumber(
  text: string,
  { decimal = '.' }: NumberOptions = {},
): WrittenNumber | undefined {
  const bare = text.trim();
  if (plain[decimal].test(bare)) return finite(bare, { decimal });
  const { sign, rest, currency, isPercent } = withoutMarks(bare);
  const digits = plain[decimal].test(rest) ? rest : withoutThousands(rest, decimal);
  if (digits === undefined || (sign !== '' && /^[+-]/.test(digits))) return undefined;
  const read = finite(sign + digits, { decimal });
  return read && { ...read, currency, ...(isPercent && { isPercent }) };
}

const plain: Readonly<Record<Decimal, RegExp>> = {
  '.': /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i,
  ',': /^[+-]?(?:\d+,?\d*|,\d+)(?:e[+-]?\d+)?$/i,
};

/** Of thousands marks, one kind in a number; a first group of 0 would be a decimal, as in 0,655. */
const grouped: Readonly<Record<Decimal, RegExp>> = {
  '.': /^[+-]?[1-9]\d{0,2}([, \u00a0\u2009\u202f'’])\d{3}(?:\1\d{3})*(?:\.\d*)?$/,
  ',': /^[+-]?[1-9]\d{0,2}([. \u00a0\u2009\u202f'’])\d{3}(?:\1\d{3})*(?:,\d*)?$/,
};

/** Groups as India writes them: 12,34,567. */
const lakhs = /^[+-]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d*)?$/;

function withoutThousands(text: string, decimal: Decimal): string | undefined {
  if (decimal === '.' && lakhs.test(text)) return text.replaceAll(',', '');
  const mark = grouped[decimal].exec(text)?.[1];
  return mark === undefined ? undefined : text.replaceAll(mark, '');
}

function finite(digits: string, { decimal }: Required<NumberOptions>): WrittenNumber | undefined {
  const value = Number(decimal === ',' ? digits.replace(',', '.') : digits);
  return Number.isFinite(value) ? { value } : undefined;
}

/** A list, because a code such as CAR001 is no amount. */
const codes =
  'USD|EUR|GBP|JPY|CHF|CNY|RMB|INR|AUD|CAD|NZD|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|BRL|MXN|ARS|CLP|COP|ZAR|NGN|KES|EGP|KRW|SGD|HKD|TWD|THB|IDR|MYR|PHP|VND|PKR|TRY|RUB|UAH|ILS|AED|SAR';
const money = String.raw`(?:[A-Z]{0,2}\p{Sc}|${codes}|kr\.?|zł|Kč|Ft|lei|Fr\.?)`;
const before = new RegExp(String.raw`^([+-]?)\s*(${money})\s*([+-]?)(?=[\d.,])`, 'u');
const after = new RegExp(String.raw`(?<=[\d.,])\s*(${money})$`, 'u');

interface Unmarked {
  readonly sign: '' | '-';
  /** Without currency, percent sign and brackets; can have a sign of its own. */
  readonly rest: string;
  readonly currency: string | undefined;
  readonly isPercent: boolean;
}

/** Takes away what stands around the digits. Brackets around an amount make it negative, as in
 * bookkeeping, and so does a minus behind it. */
function withoutMarks(text: string): Unmarked {
  const inner = /^\((.+)\)$/.exec(text)?.[1]?.trim();
  const behind = inner === undefined ? /^(?![+-])(.*\d)\s?-$/.exec(text)?.[1] : undefined;
  const signed = (inner ?? behind ?? text).replace('\u2212', '-');
  const first = before.exec(signed);
  const last = first ? null : after.exec(signed);
  const rest = first
    ? (first[1] ?? '') + (first[3] ?? '') + signed.slice(first[0].length)
    : last
      ? signed.slice(0, last.index)
      : signed.replace(/\s*%$/, '');
  return {
    sign: inner === undefined && behind === undefined ? '' : '-',
    rest,
    currency: first?.[2] ?? last?.[1],
    isPercent: !first && !last && signed.endsWith('%'),
  };
}

/** Of the languages that people write tables in; no word means yes in one and no in another. */
const yesAndNo = {
  yes: 'true t yes y on 1 ja j oui sí si sim tak evet да 是 はい wahr vrai verdadero vero verdadeiro',
  no: 'false f no n off 0 nein non não nao nee nej nie hayır нет 否 いいえ falsch faux falso',
} as const;

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...yesAndNo.yes.split(' ').map((word) => [word, true] as const),
  ...yesAndNo.no.split(' ').map((word) => [word, false] as const),
]);

/** Reads true, t, yes, y, on, 1 and their opposites, and yes and no of other languages, in any case. */
export function readBoolean(text: string): boolean | undefined {
  return booleans.get(text.trim().toLowerCase());
}

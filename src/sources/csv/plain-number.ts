import type { Decimal } from './format.ts';

const [plus, comma, minus, point, zero] = [43, 44, 45, 46, 48];
/** A mantissa of so many digits and a power of ten up to it are exact, so one division gives the nearest double. */
const exactDigits = 15;
const powers = Array.from({ length: exactDigits + 1 }, (_, exponent) => 10 ** exponent);

/** Reads a number from a range of a text. NaN for a text that is not digits with an optional sign and decimals. */
export type PlainNumber = (text: string, start: number, end: number) => number;

/** Most numbers of most files, read without a string of their own. */
export function plainNumber(decimal: Decimal): PlainNumber {
  const mark = decimal === '.' ? point : comma;
  return (text, start, end) => {
    const first = text.charCodeAt(start);
    const isSigned = first === minus || first === plus;
    let mantissa = 0;
    let digits = 0;
    let decimals = -1;
    for (let at = isSigned ? start + 1 : start; at < end; at++) {
      const code = text.charCodeAt(at);
      const digit = code - zero;
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digits++;
        if (decimals >= 0) decimals++;
      } else if (code === mark && decimals < 0) decimals = 0;
      else return Number.NaN;
    }
    if (digits === 0) return Number.NaN;
    if (digits > exactDigits) return finite(text.slice(start, end).replace(',', '.'));
    const value = decimals > 0 ? mantissa / (powers[decimals] ?? 1) : mantissa;
    return first === minus ? -value : value;
  };
}

/** A number of hundreds of digits is one that no double can hold. */
function finite(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

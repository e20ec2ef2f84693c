import { expect, test } from 'vitest';
import { z } from 'zod';
import { readingInput } from '../api/reading-input.ts';
import { decimals, delimiters, quotes } from '../kernel/csv-marks.ts';
import { askedReading } from './reading-options.ts';

const nothing = {
  delimiter: undefined,
  quote: undefined,
  encoding: undefined,
  decimal: undefined,
  header: true,
  skip: undefined,
  comment: undefined,
  missing: undefined,
  dates: undefined,
};

function asked(given: {
  readonly delimiter?: string;
  readonly quote?: string;
  readonly decimal?: string;
}): object {
  return askedReading({ ...nothing, ...given });
}

const request = z.object(readingInput);

test('a batch takes every delimiter, quote and decimal mark of csv(), by command and by request', () => {
  for (const delimiter of delimiters) expect(asked({ delimiter })).toEqual({ delimiter });
  for (const quote of quotes) expect(asked({ quote })).toEqual({ quote });
  for (const decimal of decimals) expect(asked({ decimal })).toEqual({ decimal });
  for (const given of [
    ...delimiters.map((delimiter) => ({ delimiter })),
    ...quotes.map((quote) => ({ quote })),
    ...decimals.map((decimal) => ({ decimal })),
  ])
    expect(request.parse(given)).toEqual(given);
});

test('what is hard to type has a name, and another value is refused with those that there are', () => {
  expect([String.raw`\t`, 'tab', 'blank'].map((delimiter) => asked({ delimiter }))).toEqual([
    { delimiter: '\t' },
    { delimiter: '\t' },
    { delimiter: ' ' },
  ]);
  expect(() => asked({ delimiter: '#' })).toThrow('must be , ; tab | blank');
  expect(() => asked({ quote: '`' })).toThrow(String.raw`must be " ' \" none`);
  expect(request.safeParse({ delimiter: '#' }).success).toBe(false);
});

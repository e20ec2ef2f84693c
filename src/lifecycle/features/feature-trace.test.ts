import { expect, test } from 'vitest';
import { z } from 'zod';
import type { FeatureCode } from './feature-code.ts';
import { sampleRows, traceFeatures, type TracedRow } from './feature-trace.ts';

const request = z.object({
  town: z.string().meta({ examples: ['Oslo', 'Bergen', 'Tromsø'] }),
  sold: z.string(),
  size: z.number(),
  garden: z.number().nullable(),
  newBuild: z.boolean(),
});

const rows: readonly TracedRow[] = Array.from({ length: 40 }, (_, index) => ({
  request: {
    town: index % 2 === 0 ? 'Oslo' : 'Bergen',
    sold: `20${10 + (index % 9)}-0${1 + (index % 8)}-11`,
    size: 40 + index,
    garden: index,
    newBuild: false,
  },
  lookups: { street: { price: 1000 + index }, agent: undefined },
}));

const code: FeatureCode = {
  request,
  features: (asked, lookups) => {
    const { town, sold, size, garden, newBuild } = asked as z.output<typeof request>;
    const year = Number(sold.slice(0, 4));
    return {
      'town: Oslo': Number(town === 'Oslo'),
      'town: Tromsø': Number(town === 'Tromsø'),
      year,
      month: Number(sold.slice(5, 7)),
      plot: size + (garden ?? 0),
      hasGarden: garden === null ? Number.NaN : 1,
      newBuild: newBuild ? size : 0,
      nearby: (lookups['street']?.['price'] as number | undefined) ?? Number.NaN,
      dear: Number(((lookups['street']?.['price'] as number | undefined) ?? 0) > 10 * size),
      constant: 1,
    };
  },
};

test('each feature belongs to the fields and lookups that it is computed from, whatever its name', () => {
  const origin = (fields: readonly string[], lookups: readonly string[] = []) => ({ fields, lookups });
  expect(traceFeatures(rows, code)).toEqual({
    'town: Oslo': origin(['town']),
    'town: Tromsø': origin(['town']),
    year: origin(['sold']),
    month: origin(['sold']),
    plot: origin(['size', 'garden']),
    hasGarden: origin(['garden']),
    newBuild: origin(['newBuild']),
    nearby: origin([], ['street']),
    dear: origin([], ['street']),
    constant: origin([]),
  });
});

test('a field that matters only beside another one is found in rows that have it', () => {
  const mixed = rows.map((row, index) => ({
    ...row,
    request: { ...row.request, newBuild: index % 2 === 0 },
  }));
  expect(traceFeatures(mixed, code)?.['newBuild']).toEqual({ fields: ['size', 'newBuild'], lookups: [] });
});

test('a changed row that the feature function refuses is left out', () => {
  const strict: FeatureCode = {
    request,
    features: (asked) => {
      const { town, size, garden } = asked as z.output<typeof request>;
      if (garden === null) throw new Error('no garden');
      return { town: Number(town === 'Oslo'), size };
    },
  };
  expect(traceFeatures(rows, strict)).toEqual({
    town: { fields: ['town'], lookups: [] },
    size: { fields: ['size'], lookups: [] },
  });
});

test('without rows, and with too many fields and features to try each, nothing is claimed', () => {
  expect(traceFeatures([], code)).toEqual({});
  const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  const wide: FeatureCode = {
    request: z.object(Object.fromEntries(names.map((name) => [name, z.number()]))),
    features: (asked) => asked as Readonly<Record<string, number>>,
  };
  const row = { request: Object.fromEntries(names.map((name) => [name, 1])), lookups: {} };
  expect(traceFeatures([row, row], wide)).toBeNull();
});

test('a sample is spread over all rows', () => {
  const sample = sampleRows(1000);
  for (let number = 0; number < 1000; number++) sample.add(number, { request: { number }, lookups: {} });
  expect(sample.rows.length).toBe(200);
  expect(sample.rows.at(-1)?.request).toEqual({ number: 995 });
});

import { expect, test } from 'vitest';
import { day } from '../csv-text.fixture.ts';
import { modelDraft, refusal, roles } from '../drafts.fixture.ts';

const chance = (index: number, of: number): number => ((index * 7919 + 13) % 1009) % of;

/** Names of the features, and what was said. */
function found(...args: Parameters<typeof modelDraft>): readonly [readonly string[], readonly string[]] {
  const { features, leaks } = modelDraft(...args);
  return [features.map(({ name }) => name), leaks.map(({ message }) => message)];
}

type Line = (index: number) => readonly (string | number)[];

test.each<readonly [string, string, Line, readonly string[], string]>([
  [
    'a price per unit',
    'size,price_per_sqm,town,price',
    (index: number) => {
      const [size, per] = [30 + chance(index, 170), 20 + chance(index * 3, 500) / 100];
      return [size, per, `t${index % 3}`, Math.round(size * per)];
    },
    ['size', 'town'],
    '"size" × "price_per_sqm" is "price"',
  ],
  [
    'a share',
    'clicks,impressions,town,ctr',
    (index: number) => {
      const [clicks, impressions] = [1 + chance(index, 50), 500 + chance(index * 3, 900)];
      return [clicks, impressions, `t${index % 3}`, (clicks / impressions).toFixed(5)];
    },
    ['impressions', 'town'],
    '"clicks" ÷ "impressions" is "ctr"',
  ],
  [
    'a share in percent',
    'all,sold,town,percent',
    (index: number) => {
      const [sold, all] = [1 + chance(index, 50), 60 + chance(index * 3, 900)];
      return [all, sold, `t${index % 3}`, ((100 * sold) / all).toFixed(3)];
    },
    ['all', 'town'],
    '100 × "sold" ÷ "all" is "percent"',
  ],
  [
    'a total of the target and others',
    'total,fees,town,rent',
    (index: number) => {
      const [rent, fees] = [500 + chance(index, 900), 50 + chance(index * 3, 90)];
      return [rent + fees, fees, `t${index % 3}`, rent];
    },
    ['fees', 'town'],
    '"total" - "fees" is "rent"',
  ],
  [
    'parts, but for fees of a few amounts',
    'fare,tip,zone,total',
    (index: number) => {
      const [fare, tip] = [500 + chance(index, 900), 10 + chance(index * 3, 900)];
      return [
        fare / 100,
        tip / 100,
        `z${index % 3}`,
        ((fare + tip + (30 + 50 * chance(index * 5, 3))) / 100).toFixed(2),
      ];
    },
    ['zone'],
    '"fare" + "tip" is "total" but for a few fixed amounts',
  ],
  [
    'days between two dates',
    'start,end,town,days',
    (index: number) => [
      day(index % 90),
      day((index % 90) + chance(index, 40)),
      `t${index % 3}`,
      chance(index, 40),
    ],
    ['start', 'town'],
    'the time from "start" to "end" is "days"',
  ],
  [
    'minutes between two times',
    'pickup,dropoff,town,minutes',
    (index: number) => {
      const length = 3 + chance(index, 40);
      const at = (minutes: number): string =>
        new Date(Date.UTC(2024, 0, 1, 0, minutes, 20)).toISOString().slice(0, 19);
      return [at(index * 17), at(index * 17 + length), `t${index % 3}`, length];
    },
    ['pickup', 'town'],
    'the time from "pickup" to "dropoff" is "minutes"',
  ],
  [
    'ranges of the target',
    'size,band,price',
    (index: number) => {
      const price = 100 + chance(index, 300);
      return [chance(index * 3, 90), price < 200 ? 'low' : price < 300 ? 'middle' : 'high', price];
    },
    ['size'],
    'each value of "band" is a range of "price"',
  ],
])('%s: what is made from the target is left out', (_, header, ...[values, kept, message]) => {
  const [line, options] = [
    (index: number): string => values(index).join(','),
    { rows: 300, target: header.split(',').at(-1) },
  ] as const;
  expect(found(header, line, options)).toEqual([kept, [message]]);
});

test.each<readonly [string, string, (left: boolean, index: number) => string | number, string]>([
  [
    'the reason of a cancellation',
    'reason',
    (left: boolean, index: number) => (left ? `r${index % 4}` : 'none'),
    '"reason" alone says what "left" is',
  ],
  [
    'a date that only some have',
    'ended',
    (left: boolean, index: number) => (left ? day(index % 60) : ''),
    'whether "ended" is filled in says what "left" is',
  ],
  [
    'a word for a number',
    'status',
    (left: boolean) => (left ? 'gone' : 'active'),
    '"status" alone says what "left" is',
  ],
  [
    'a number that only some have',
    'refund',
    (left: boolean, index: number) => (left ? 5 + (index % 30) : ''),
    'whether "refund" is filled in says what "left" is',
  ],
])('%s says what the class is', (_, name, ...[value, message]) => {
  const line = (index: number): string => {
    const left = chance(index, 10) < 3;
    return `${20 + chance(index * 3, 50)},${value(left, index)},${left ? 'yes' : 'no'}`;
  };
  expect(found(`age,${name},left`, line, { rows: 300, target: 'left' })).toEqual([['age'], [message]]);
  expect(found(`age,${name},left`, line, { rows: 300, target: 'left', with: [name] })).toEqual([
    ['age', name],
    [message],
  ]);
});

test.each<readonly [string, string, Line]>([
  [
    'kinds that differ by nature',
    'kind,size',
    (index: number) => [
      index % 2 ? 'mouse' : 'horse',
      index % 2 ? 3 + chance(index, 3) : 900 + chance(index, 300),
    ],
  ],
  ['few lines of a class', 'town,left', (index: number) => [`t${index % 40}`, index === 3 ? 'yes' : 'no']],
  ['a year that rises with the target', 'year,born', (index: number) => [1900 + index, 1000 + index * 3]],
  [
    'a sum with noise',
    'a,total',
    (index: number) => [index % 17, (index % 17) + chance(index, 100) + chance(index * 3, 7)],
  ],
])('%s is no leak', (_, header, values) => {
  const draft = modelDraft(`b,${header}`, (index) => `${chance(index, 100)},${values(index).join(',')}`, {
    rows: 120,
    target: header.split(',').at(-1),
    kind: 'model',
  });
  expect(draft.leaks).toEqual([]);
});

test('a sum within a sum is found too', () => {
  const line = (index: number): string => {
    const [a, b, c] = [chance(index, 90), chance(index * 3, 70), chance(index * 5, 50)];
    return `${a},${b},${c},${a + b},t${index % 3},${a + b + c}`;
  };
  const [features, messages] = found('a,b,c,ab,town,total', line, { rows: 300, target: 'total' });
  expect(features).not.toContain('c');
  expect(messages.length).toBeGreaterThan(0);
});

test('the only features stay, with a word', () => {
  expect(
    found('fahrenheit,celsius', (index) => `${32 + index * 1.8},${index}`, { target: 'celsius' }),
  ).toEqual([['fahrenheit'], ['"fahrenheit" alone says what "celsius" is']]);
});

test('dates that are left out order the rows all the same', () => {
  const draft = modelDraft(
    'start,end,town,days',
    (index) => `${day(index)},${day(index + chance(index, 40))},t${index % 3},${chance(index, 40)}`,
    { target: 'days' },
  );
  expect(draft.split.by?.name).toBe('end');
  expect(roles(draft)).toMatchObject({ end: 'time: the time from "start" to "end" is "days"' });
});

test.each([
  [['price'], 'must be other columns than the target'],
  [['customer_id'], 'must be other columns than the group'],
  [['unit'], 'must vary'],
  [['siez'], 'did you mean "size"?'],
])('--with %s is refused', (names, remedy) => {
  expect(
    refusal('customer_id,unit,size,price', (index) => `c${index % 25},kg,${index % 7},${index * 3}`, {
      target: 'price',
      with: names,
    }),
  ).toMatchObject({ code: 'CONFIG_INVALID', field: '--with', remedy: expect.stringContaining(remedy) });
});

test('free text and an id can be features', () => {
  const draft = modelDraft(
    'id,note,size,price',
    (index) => `h${index * 7},n ${index},${index % 7},${index * 3}`,
    {
      target: 'price',
      with: ['id,note'],
    },
  );
  expect(draft.features.map(({ name }) => name)).toEqual(['id', 'note', 'size']);
});

test.each([
  ['closed days', (index: number) => (index % 9 === 0 ? ['no', 0] : ['yes', 1 + chance(index, 300)])],
  ['a shop in one of two states', (index: number) => (index % 5 ? [1, 20 + chance(index, 80)] : [0, 0])],
  ['days on which all is sold', (index: number) => (index % 7 ? ['no', chance(index, 199)] : ['yes', 200])],
] as const)('%s do not give the target away', (_, values) => {
  const line = (index: number): string => {
    const [open, sold] = values(index);
    return [open, chance(index * 3, 90), sold].join(',');
  };
  expect(found('open,size,sold', line, { rows: 300, target: 'sold' })).toEqual([['open', 'size'], []]);
});

import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Producer } from '../../project/producer.ts';
import { source } from '../../project/tables/source.ts';
import { step } from '../../project/tables/step.ts';
import { table } from '../../project/tables/table.ts';
import { csv } from '../../sources/csv/csv.ts';
import { json } from '../../sources/json.ts';
import { sourceOfModel } from './stated-source.ts';

const stores = source(
  'stores',
  csv({
    from: 'stores.csv',
    row: z.object({ shop: z.string(), city: z.string() }),
    missing: ['', '-200'],
    decimal: ',',
  }),
);
const Sale = z.object({ shop: z.string(), price: z.number(), size: z.number(), sold: z.iso.date() });
const sales = source('sales', csv({ from: 'sales.csv', row: Sale, dates: { sold: 'D/M/Y' } }));
const archive = source('archive', csv({ from: 'archive.csv', row: Sale, delimiter: ';' }));
const events = source('events', json({ from: 'events.json', rows: () => [], row: Sale }));
const project = { sources: [stores, sales, archive, events] };
const fields = ['shop', 'price', 'size', 'sold'];

const joined = step(
  'joined',
  {
    in: { sales, stores },
    out: { rows: table(Sale.extend({ city: z.string() })) },
  },
  async () => {},
);
const both = step('both', { in: { sales, archive }, out: { rows: table(Sale) } }, async () => {});
const loaded = step('loaded', { in: { events }, out: { rows: table(Sale) } }, async () => {});

const rowsOf = (producer: Producer) => ({ rows: { producer, output: 'rows', table: sales.table } });
const found = (producer: Producer, sources = project.sources) =>
  sourceOfModel({ sources }, rowsOf(producer), fields);

test('the source is the one that the rows come from, whatever others have', () => {
  expect(found(stores).source).toMatchObject({ name: 'stores', options: { decimal: ',' } });
  expect(found(sales).source).toEqual({
    name: 'sales',
    options: { dates: { sold: 'D/M/Y' } },
    columns: fields,
  });
  expect(found(archive).source?.options).toEqual({ delimiter: ';' });
});

test('of several that the rows come from, it is the one with most fields', () => {
  expect(found(joined)).toMatchObject({ source: { name: 'sales' } });
});

test('several with as many fields are none, and named', () => {
  expect(found(both)).toEqual({
    undecided: 'the sources "sales" and "archive" fit the request alike, so the options of none are used',
  });
});

test('rows that come from no CSV file have the options of the CSV source with most fields', () => {
  expect(found(loaded, [stores, sales, events]).source?.name).toBe('sales');
  expect(found(events, [stores, sales, archive, events]).undecided).toContain('"sales" and "archive"');
  expect(found(events, [events])).toEqual({});
});

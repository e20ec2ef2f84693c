import { expect, test } from 'vitest';
import { draftNotes } from './conversation/notes.ts';
import { draftProject } from './draft.ts';
import { csvFile } from './read-csv.ts';

test.each<readonly [string, (month: string) => string]>([
  ['Total 2021-01', (month) => `Total ${month},,,99.5`],
  ['Summe', (month) => `Summe ${month},,,1099.5`],
  ['Subtotal in the second column', (month) => `,Subtotal ${month},,99.5`],
])('totals after each part of a file are no data, however often their word comes: %s', (_, total) => {
  const lines = Array.from({ length: 20 }, (_part, part) => {
    const month = new Date(Date.UTC(2021, part, 1)).toISOString().slice(0, 7);
    const stores = ['Bonn', 'Kiel', 'Ulm'].map(
      (store, at) => `${month},${store},${(part * 7 + at * 3) % 11},${30 + at}.5`,
    );
    return [...stores, total(month)].join('\n');
  });
  const csv = csvFile('sales.csv', `month,store,units,sales\n${lines.join('\n')}\n`);
  const { draft } = draftProject(csv, { project: 'shop', target: 'sales', kind: 'model' });
  if (draft?.kind === 'forecast') throw new TypeError('it is no forecast');
  expect(draft).toMatchObject({ rows: 60, setAside: undefined, split: { by: { name: 'month' } } });
  expect(
    draft &&
      draftNotes(draft)
        .map(({ text }) => text)
        .join(' '),
  ).toContain('20 lines look like totals (the first is line 5:');
});

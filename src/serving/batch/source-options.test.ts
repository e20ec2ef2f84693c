import { expect, test } from 'vitest';
import type { Source } from '../../project/tables/source.ts';
import { optionsOfSource } from './source-options.ts';

function sourceOf(kind: string, columns: readonly string[], options: object): Pick<Source, 'reader'> {
  const schema = { columns: columns.map((name) => ({ name, type: 'string', nullable: false })) };
  return { reader: { kind, options, table: { kind: 'table', schema } } } as unknown as Pick<Source, 'reader'>;
}

const options = { decimal: ',', missing: ['none'], dates: { sold: 'D/M/Y' } };

test('the options are those of the CSV source that has a column of the file', () => {
  const sources = [
    sourceOf('json', ['sold'], { decimal: '.' }),
    sourceOf('csv', ['other'], { decimal: '.' }),
    sourceOf('csv', ['size', 'sold'], { ...options, delimiter: ';' }),
  ];
  expect(optionsOfSource(sources, ['sold', 'street'])).toEqual(options);
});

test('without such a source, and with options of another form, there are none', () => {
  expect(optionsOfSource([], ['sold'])).toEqual({});
  expect(optionsOfSource([sourceOf('csv', ['size'], options)], ['sold'])).toEqual({});
  expect(optionsOfSource([sourceOf('csv', ['sold'], { decimal: 5 })], ['sold'])).toEqual({});
});

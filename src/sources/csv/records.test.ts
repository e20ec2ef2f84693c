import { expect, test } from 'vitest';
import { csvRecords } from './records.ts';

const text = 'a,"b ""c"""\r\n\r\n"d\ne",\r\n\n,f\r"",""\n';

test('where the text is cut makes no difference', () => {
  const format = { file: 'x.csv', delimiter: ',' };
  const whole = [...csvRecords([text], format)];
  expect(whole).toEqual([
    { line: 1, fields: ['a', 'b "c"'] },
    { line: 3, fields: ['d\ne', ''] },
    { line: 6, fields: ['', 'f'] },
    { line: 7, fields: ['', ''] },
  ]);
  for (let cut = 0; cut <= text.length; cut++)
    expect([...csvRecords([text.slice(0, cut), text.slice(cut)], format)], `cut at ${cut}`).toEqual(whole);
  expect([...csvRecords(text, format)]).toEqual(whole);
});

test('the last line needs no end', () => {
  expect([...csvRecords(['a|"b"'], { file: 'x.csv', delimiter: '|' })]).toEqual([
    { line: 1, fields: ['a', 'b'] },
  ]);
});

/** `mb` pieces of about a megabyte; how many of them were read is counted. */
function* large(head: string, unit: string, mb: number): Generator<string> {
  yield head;
  const piece = unit.repeat(Math.ceil(2 ** 20 / unit.length));
  for (let at = 0; at < mb; at++) yield piece;
}

test.each([
  ['quotes that never close', '"open,', 'some text\n', /Close its quotes/],
  ['quotes that never close, with doubled quotes', '"', 'ab""', /Close its quotes/],
  ['a line without an end', 'x', 'x', /End it with a line end/],
  ['nothing but delimiters', ',', ',', /check the delimiter/],
])('%s end the reading early, naming the line where the record begins', (...[, head, unit, remedy]) => {
  let pieces = 0;
  const counted = function* (): Generator<string> {
    for (const piece of large(`a,b\n1,2\n${head}`, unit, 300)) {
      pieces += 1;
      yield piece;
    }
  };
  const records = csvRecords(counted(), { file: 'x.csv', delimiter: ',' });
  expect([records.next().value, records.next().value]).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['1', '2'] },
  ]);
  expect(() => records.next()).toThrow(remedy);
  expect(() => [...csvRecords(counted(), { file: 'x.csv', delimiter: ',' })]).toThrow(/x\.csv, line 3/);
  expect(pieces).toBeLessThan(2 * 19);
});

test('a field of some megabytes is read, doubled quotes and all', () => {
  const text = 'say ""no"", '.repeat(400_000);
  const [record] = [...csvRecords([`"${text}",1\n`], { file: 'x.csv', delimiter: ',' })];
  expect(record?.fields.map((field) => field.length)).toEqual([10 * 400_000, 1]);
  expect(record?.fields[0]?.slice(0, 10)).toBe('say "no", ');
});

test('the length of a record is counted anew for each', () => {
  const line = `${'x'.repeat(2 ** 20)}\n`;
  const records = csvRecords(
    Array.from({ length: 40 }, () => line),
    { file: 'x.csv', delimiter: ',' },
  );
  expect([...records].length).toBe(40);
});

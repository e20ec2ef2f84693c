import { expect, test } from 'vitest';
import { csvRecords } from './csv-records.ts';

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

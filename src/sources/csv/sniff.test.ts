import { expect, test } from 'vitest';
import type { CsvFormat } from './format.ts';
import { sniffCsv } from './sniff.ts';

function sniffed(content: string | Uint8Array, given: Partial<CsvFormat> = {}) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const { format, names, guesses, records } = sniffCsv(bytes, { file: 'x.csv', given });
  const unsure = guesses.filter((guess) => guess.unsure).map(({ option }) => option);
  return { format, names, guesses, unsure, rows: [...records()] };
}

const fieldsOf = (rows: readonly { readonly fields: readonly string[] }[]) =>
  rows.map(({ fields }) => fields);

test.each([
  ['commas', 'a,b\n1,2\n3,4\n', ','],
  ['semicolons and decimal commas', 'a;b;c\n1,5;2,5;x\n3,5;4,5;y\n', ';'],
  [
    'text with one decimal comma',
    `Filiale;Artikel;Umsatz\n${'F0;A0;8954,50\nF1;A1;12,25\n'.repeat(30)}`,
    ';',
  ],
  ['tabs and one decimal comma', `shop\titem\tsold\n${'F0\tA0\t8954,50\n'.repeat(30)}`, '\t'],
  ['pipes and one decimal comma', `shop|item|sold\n${'F0|A0|8954,50\n'.repeat(30)}`, '|'],
  ['commas and one list with pipes', `name,tags,size\n${'a,x|y,1\nb,z|y|x,2\n'.repeat(30)}`, ','],
  ['semicolons and decimal commas, without a header', '1,5;2,5;3,5\n4,5;5,5;6,5\n', ';'],
  ['tabs in a .csv', 'a\tb\nx, y\t2\nz\t4\n', '\t'],
  ['pipes', 'a|b\n1|2\n', '|'],
  ['commas beside text with semicolons', 'tags,y\na;b,1\nc;d,2\n', ','],
  ['commas in quotes', 'a;b\n"x, y, z";1\n"u, v, w";2\n', ';'],
  ['one column', 'y\n5\n6\n', ','],
])('delimiter: %s', (_what, text, delimiter) => {
  expect(sniffed(text).format.delimiter).toBe(delimiter);
});

test.each([
  ['5,44 beside ;', 'a;y\nx;5,44\ny;0,66\n', ','],
  ['in quotes beside commas', 'a,y\nx,"5,44"\ny,"0,655"\n', ','],
  ['with points for thousands', 'a;y\nx;1.234,5\ny;2.000\n', ','],
  ['thousands alone', 'a,y\nx,"182,700"\ny,"294,600"\n', '.'],
  ['points', 'a,y\nx,5.44\ny,1\n', '.'],
])('decimal mark: %s', (_what, text, decimal) => {
  expect(sniffed(text).format.decimal).toBe(decimal);
});

test.each([
  ['names above numbers', 'a,b,c\n1,x,2.5\n2,y,3.5\n', true, 'sure'],
  ['numbers above numbers', '31,z,5.44\n81,z,0.66\n2,y,2.59\n', false, 'asked'],
  ['a missing value above numbers', '3,?,gas\n1,5,gas\n2,6,diesel\n', false, 'asked'],
  ['dates above dates', '2024-01-01,x\n2024-01-02,y\n', false, 'asked'],
  ['years as names', 'country,1999,2000,2001\nA,7,6,5\nB,8,9,4\n', true, 'asked'],
  ['a year among names', 'country,2015,notes\nA,599.9,x\nB,3995.3,y\n', true, 'asked'],
  ['text above text', 'name,town\nAnna,Paris\nBob,Rome\n', true, 'sure'],
  ['text that comes again', 'x,Paris\ny,Rome\nz,Paris\n', true, 'asked'],
  ['a name that is missing', ',b,y\n31,z,1.5\n81,z,2.5\n', true, 'sure'],
])('header: %s', (...[, text, header, certainty]) => {
  const { format, unsure } = sniffed(text);
  expect(format.header).toBe(header);
  expect(unsure).toEqual(certainty === 'asked' ? ['header'] : []);
});

test('without a header, columns have positions for names and the first line is data', () => {
  const { names, rows } = sniffed('31,z\n81,q\n');
  expect(names).toEqual(['column 1', 'column 2']);
  expect(fieldsOf(rows)).toEqual([
    ['31', 'z'],
    ['81', 'q'],
  ]);
  expect(sniffed('31,z\n81,q\n', { header: true }).names).toEqual(['31', 'z']);
});

test.each([
  ['a title', 'Sales of 2024\na,b,c\n1,2,x\n3,4,y\n', 1],
  ['a title with delimiters, as spreadsheets have it', 'Sales of 2024,,\na,b,c\n1,2,x\n', 1],
  ['titles and an empty line', 'Report, 2024\nby me\n\na,b,c,d\n1,2,x,3\n4,5,y,6\n', 3],
  ['none', 'a,b,c\n1,2,x\n', 0],
])('title lines: %s', (_what, text, skip) => {
  const { format, names } = sniffed(text);
  expect(format.skip).toBe(skip);
  expect(names.slice(0, 3)).toEqual(['a', 'b', 'c']);
});

test.each([
  ['above the header', '# made by export\na,b\n1,x\n', '#'],
  ['several, one with commas', '# by me\n# on 1, 2, 3\na,b\n1,x\n2,y\n', '#'],
  ['between rows', 'a,b\n1,x\n# a remark\n2,y\n', '#'],
  ['with as many fields as the header', '# one, two\na,b\n1,x\n2,y\n', '#'],
  ['a header that begins with #', '#id,b\n1,x\n2,y\n', undefined],
  ['numbers of houses', 'house,y\n#1,5\n#2,6\n', undefined],
])('comment lines: %s', (_what, text, comment) => {
  const { format, rows } = sniffed(text);
  expect(format.comment).toBe(comment);
  expect(rows.filter(({ fault }) => fault !== undefined)).toEqual([]);
});

test('lines of records are those of the file, with titles, comments and quoted line ends', () => {
  const { rows } = sniffed('Title\n# note\na,b,c\n1,"x\ny",2\n\n3,z,4\n');
  expect(rows.map(({ line }) => line)).toEqual([4, 7]);
});

const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');

test.each([
  ['UTF-8', 'a,größe\n1,ü\n', 'utf-8', 0],
  ['UTF-8 with its mark', '\ufeffa,größe\n1,ü\n', 'utf-8', 0],
  ['UTF-16 with its mark', utf16('\ufeffa,größe\n1,ü\n'), 'utf-16le', 0],
  ['UTF-16 of the other order', Buffer.from(utf16('\ufeffa,größe\n1,ü\n')).swap16(), 'utf-16be', 0],
  ['UTF-8 with marks where files were joined', '\ufeffa,größe\n\ufeff1,ü\n', 'utf-8', 0],
  ['UTF-16 without a mark', utf16('a,größe\n1,ü\n'), 'utf-16le', 1],
  ['Latin-1', Buffer.from('a,größe\n1,ü\n', 'latin1'), 'windows-1252', 1],
])('encoding: %s', (...[, content, encoding, guessed]) => {
  const { format, names, rows, guesses } = sniffed(content);
  expect(format.encoding).toBe(encoding);
  expect(names).toEqual(['a', 'größe']);
  expect(fieldsOf(rows)).toEqual([['1', 'ü']]);
  expect(guesses.filter(({ option }) => option === 'encoding')).toHaveLength(guessed);
});

test('characters that Windows-1252 has and Latin-1 has not', () => {
  const { rows } = sniffed(Uint8Array.of(0x61, 0x0a, 0x80, 0x35, 0x0a, 0x93, 0x78, 0x94, 0x0a));
  expect(fieldsOf(rows)).toEqual([['€5'], ['“x”']]);
});

test('single quotes', () => {
  const { format, rows } = sniffed("id,name\n1,'a, b'\n2,'it''s'\n3,'c'\n");
  expect(format.quote).toBe("'");
  expect(fieldsOf(rows)).toEqual([
    ['1', 'a, b'],
    ['2', "it's"],
    ['3', 'c'],
  ]);
  expect(sniffed("id,name\n1,O'Hara\n2,'tis\n").format.quote).toBe('"');
});

test('names that repeat or are empty are told apart', () => {
  const { names, guesses } = sniffed('x,,X,x 2,constructor,__proto__,x\n1,2,3,4,5,6,7\n');
  expect(names).toEqual(['x', 'column 2', 'X 3', 'x 2', 'constructor', '__proto__', 'x 4']);
  expect(guesses.map(({ message }) => message)).toEqual([
    'In the header, column 2 without a name is named "column 2", column 3 "X" is named "X 3", column 7 "x" is named "x 4".',
  ]);
});

test('records with a fault are marked, and empty ones left out', () => {
  const { rows } = sniffed('a,b\n1,2\n3\n,\n4,5,\n6,7,8\n"x"y,9\n10,11\nsource: me\n');
  expect(rows.map(({ line, fault }) => [line, fault])).toEqual([
    [2, undefined],
    [3, 'The header has 2 fields, this line 1.'],
    [5, undefined],
    [6, 'The header has 2 fields, this line 3.'],
    [7, 'Put a field with quotes in quotes, and double each quote in it.'],
    [8, undefined],
    [9, 'The header has 2 fields, this line 1.'],
  ]);
  expect(rows[2]?.fields).toEqual(['4', '5']);
});

test('a faulty record takes no other lines along', () => {
  const { rows } = sniffed('a,b\n1,"open\n2,x"y\n3,z\n');
  expect(rows.map(({ line, fault }) => [line, fault !== undefined])).toEqual([
    [2, true],
    [3, false],
    [4, false],
  ]);
});

test.each(['', '\n\n', '\ufeff'])('an empty file is refused', (text) => {
  expect(() => sniffed(text)).toThrow(/x\.csv: "empty"/);
});

test('what was given is not guessed', () => {
  const { format, guesses, names } = sniffed('# x\nTitle\n1;2,5\n3;4,5\n', {
    comment: '#',
    skip: 2,
    header: false,
    decimal: '.',
    delimiter: ';',
  });
  expect(format).toMatchObject({ comment: '#', skip: 2, header: false, decimal: '.', delimiter: ';' });
  expect(guesses).toEqual([]);
  expect(names).toHaveLength(2);
});

const lines = (line: (index: number) => string): string =>
  Array.from({ length: 30 }, (_, index) => `${line(index)}\n`).join('');

test.each([
  [
    'several blanks',
    `mpg cyl hp\n${lines((at) => `${at}.0   ${at % 3}    ${at * 2}`)}`,
    ['mpg', 'cyl', 'hp'],
  ],
  ['a blank each', `a b\n${lines((at) => `${at} ${at * 2}`)}`, ['a', 'b']],
  ['blanks at both ends', `  a   b  \n${lines((at) => `  ${at}   ${at * 2}  `)}`, ['a', 'b']],
  [
    'blanks, a tab and text in quotes',
    `mpg hp  year\tname\n${lines((at) => `${at}.0   ${at}. 70\t"ford pinto ${at}"`)}`,
    ['mpg', 'hp', 'year', 'name'],
  ],
])('columns between %s', (_what, text, names) => {
  const found = sniffed(text);
  expect(found.format.delimiter).toBe(' ');
  expect(found.names).toEqual(names);
  expect(found.rows).toHaveLength(30);
  expect(
    found.rows.filter(({ fields, fault }) => fault !== undefined || fields.length !== names.length),
  ).toEqual([]);
});

test.each([
  ['times', `at\n${lines((at) => `2024-01-01 10:${10 + at}`)}`],
  ['names', `full name\n${lines((at) => `Ann Lee${at}`)}`],
  ['sentences', `text\n${lines((at) => `it was ${at} then`)}`],
])('blanks within %s separate nothing', (_what, text) => {
  const { format, rows } = sniffed(text);
  expect(format.delimiter).toBe(',');
  expect(rows[0]?.fields).toHaveLength(1);
});

test.each([
  [
    'within',
    (at: number) => `${at},"he said \\"hi, ${at}\\" and left",${at * 2}`,
    'he said "hi, 0" and left',
  ],
  ['at the end', (at: number) => `${at},"${at} inch\\"",${at * 2}`, '0 inch"'],
  [
    'after backslashes',
    (at: number) => `${at},"C:\\\\dir\\"${at}\\\\",${at * 2}`,
    String.raw`C:\dir"0` + '\\',
  ],
])('quotes with a backslash %s', (_where, line, field) => {
  const { format, rows } = sniffed(`id,text,y\n${lines(line)}`);
  expect(format.quote).toBe('\\"');
  expect(rows.filter(({ fault }) => fault !== undefined)).toEqual([]);
  expect(rows[0]?.fields).toEqual(['0', field, '0']);
});

test('doubled quotes beside backslashes are none of those', () => {
  const { format, rows } = sniffed(`id,text\n${lines((at) => `${at},"C:\\dir ""${at}""\\"`)}`);
  expect(format.quote).toBe('"');
  expect(rows[0]?.fields[1]).toBe(String.raw`C:\dir "0"` + '\\');
});

test.each([
  ['one line', [5], [5]],
  ['two lines', [5, 14], [5, 14]],
  ['the last line', [31], [31]],
])('a quote that does not close sets its line aside alone: %s', (_what, open, set) => {
  const text = `a,b,c\n${lines((at) => (open.includes(at + 2) ? `${at},"x,${at}` : `${at},x,${at * 2}`))}`;
  const { rows } = sniffed(text);
  expect(rows.filter(({ fault }) => fault !== undefined).map(({ line }) => line)).toEqual(set);
  expect(rows.filter(({ fault }) => fault === undefined)).toHaveLength(30 - set.length);
});

test.each([
  ['CR', '\r'],
  ['CRLF', '\r\n'],
])('line ends: %s, and such ends among others', (_what, end) => {
  const text = `a,b,c\n${lines((at) => `${at},x,${at * 2}`)}`;
  const expected = sniffed(text).rows.map(({ fields }) => fields);
  expect(expected).toHaveLength(30);
  expect(fieldsOf(sniffed(text.replaceAll('\n', end)).rows)).toEqual(expected);
  expect(fieldsOf(sniffed(text.replaceAll('5\n', `5${end}`)).rows)).toEqual(expected);
});

test('a delimiter at the end of each line is no column, and one at the end of the header is one without a name', () => {
  const body = lines((at) => `${at},x,${at * 2},`);
  const found = sniffed(`a,b,c\n${body}`);
  expect([found.names, found.unsure, found.rows[3]?.fields]).toEqual([['a', 'b', 'c'], [], ['3', 'x', '6']]);
  expect(sniffed(`a,b,c,\n${body}`).names).toEqual(['a', 'b', 'c', 'column 4']);
});

test.each([
  [
    'row names without a name',
    `a,b,c\n${lines((at) => `${at + 1},x,1,${at}`)}`,
    /3 names, and the lines have 4 fields/,
  ],
  ['delimiters in text', `a;b\n${lines((at) => `x &amp; y;${at}`)}`, /2 names, and the lines have 3 fields/],
  ['^ between columns', `a^b^c\n${lines((at) => `${at}^x^${at}`)}`, /tr '\^' ','.*"a\^b\^c"/],
  ['two colons between columns', `a::b::c\n${lines((at) => `${at}::x::${at}`)}`, /tr ':' ','/],
  ['lines in quotes', `"a,b,c"\n${lines((at) => `"${at},x,${at}"`)}`, /take these quotes away/],
  [
    'lines in quotes, with quotes',
    `"a,""b"",c"\n${lines((at) => `"${at},""x"",${at}"`)}`,
    /take these quotes away/,
  ],
])('%s are refused with what to do', (_what, text, says) => {
  expect(() => sniffed(text)).toThrow(says);
});

test('one column of times or text with commas is one', () => {
  expect(sniffed(`at\n${lines((at) => `12:30:${10 + at}`)}`).rows).toHaveLength(30);
  expect(sniffed(`text\n${lines((at) => `"hello, ${at}, bye"`)}`).names).toEqual(['text']);
});

test('a first line for Excel names the delimiter and is no header', () => {
  for (const [mark, end] of [
    [';', '\n'],
    ['|', '\r\n'],
    [',', '\n'],
  ] as const) {
    const { format, names, rows } = sniffed(`sep=${mark}${end}a${mark}b${end}1${mark}x${end}2${mark}y${end}`);
    expect(format).toMatchObject({ delimiter: mark, skip: 1 });
    expect([names, rows.length]).toEqual([['a', 'b'], 2]);
  }
});

test('the header again is no row, as where files were joined', () => {
  const body = lines((at) => `x${at},${at % 2 ? 'yes' : 'no'}`);
  const { rows } = sniffed(`name,paid\n${body}name,paid\n${body}`);
  expect(rows.filter(({ fault }) => fault !== undefined)).toEqual([
    { line: 32, fields: ['name', 'paid'], fault: 'It repeats the header.' },
  ]);
});

test.each([
  ['units', 'time,speed,name\ns,m/s,-\n', ['s', 'm/s', '-']],
  ['a second line of names', 'Q1,,Q2\nsales,cost,sales\n', ['sales', 'cost', 'sales']],
])('%s below the header are a row, which the numbers refuse', (_what, head, row) => {
  const { format, rows } = sniffed(`${head}${lines((at) => `${at},${at * 2.5},${at % 3}`)}`);
  expect(format.header).toBe(true);
  expect(rows[0]?.fields).toEqual(row);
});

import { expect, test } from 'vitest';
import { csvText, day } from '../csv-text.fixture.ts';
import { draftProject } from '../draft.ts';
import { csvFile } from '../read-csv.ts';
import type { Asker, Choice } from './asker.ts';
import { type Decided, converse } from './converse.ts';

type Reply = string | readonly string[] | undefined;

/** Gives the replies one after another, and keeps what was asked and output. */
function scripted(replies: readonly Reply[]): Asker & { readonly asked: Choice[]; readonly texts: string[] } {
  const left = [...replies];
  const asked: Choice[] = [];
  const texts: string[] = [];
  const next = (choice: Choice): Reply => {
    asked.push(choice);
    if (left.length === 0) throw new Error(`not expected: ${choice.text}`);
    return left.shift();
  };
  return {
    asked,
    texts,
    show: (text) => void texts.push(text),
    one: async (choice) => next(choice) as string | undefined,
    many: async (choice) => next(choice) as readonly string[] | undefined,
  };
}

interface Talk extends Decided {
  readonly asker?: Asker;
  /** Where it is output without a person. */
  readonly output?: string[];
}

function talk(text: string, { asker, output = [], ...decided }: Talk = {}): ReturnType<typeof converse> {
  return converse(
    {
      asker,
      columns: 80,
      project: 'houses',
      show: (found) => (asker ? asker.show(found) : void output.push(found)),
      read: ({ header, missing = [] }) =>
        csvFile('sales.csv', text, { missing, given: header === undefined ? {} : { header } }),
      draft: (csv, given) => draftProject(csv, { ...given, project: 'houses' }),
    },
    decided,
  );
}

const clear = csvText('size,town,price', (index) => `${index % 7},t${index % 3},${index * 3}.5`);
const unclear = csvText('size,price_eur,town', (index) => `${index % 7},${index * 3}.5,t${index % 3}`);

test('what was found is output before it is written, and a person agrees', async () => {
  const asker = scripted(['write']);
  expect(await talk(clear, { asker })).toMatchObject({ target: { name: 'price' } });
  expect(asker.texts).toEqual([
    `sales.csv: 60 lines, 3 columns

  column  type      missing  examples       role
  size    integer            0, 1, 2        feature
  town    text (3)           t0, t1, t2     feature
  price   number             0.5, 3.5, 6.5  target

  - price is predicted; --target <column> predicts another one: town, size.
`,
  ]);
  expect(asker.asked.map(({ text }) => text)).toEqual(['Write the project into houses/?']);
});

test('an unclear target is asked for, and nothing is decided if the person cancels', async () => {
  const asker = scripted(['price_eur', 'write']);
  expect(await talk(unclear, { asker })).toMatchObject({ target: { name: 'price_eur' } });
  expect(asker.asked[0]).toMatchObject({
    text: 'Which column is to be predicted?',
    candidates: [{ value: 'price_eur' }, { value: 'town', hint: '3 texts: t0, t1, t2' }, { value: 'size' }],
  });
  for (const replies of [
    [undefined],
    ['price_eur', undefined],
    ['price_eur', 'cancel'],
    ['price_eur', 'target', undefined],
  ])
    expect(await talk(unclear, { asker: scripted(replies) })).toBeUndefined();
});

test('without a terminal, what is unclear is refused with the flag and the candidates, and output', async () => {
  const output: string[] = [];
  await expect(talk(unclear, { output })).rejects.toMatchObject({
    code: 'CHOICE_NEEDED',
    detail: { field: '--target', remedy: expect.stringContaining('candidates: price_eur, town, size') },
  });
  expect(output).toHaveLength(1);
  expect(await talk(unclear, { target: 'price_eur' })).toMatchObject({
    target: { name: 'price_eur' },
  });
});

test('a person can choose another target and leave columns out, as often as wanted', async () => {
  const asker = scripted(['target', 'town', 'without', ['price'], 'write']);
  expect(await talk(clear, { asker })).toMatchObject({
    target: { name: 'town' },
    kind: 'class',
    features: [{ name: 'size' }],
  });
  expect(asker.texts).toHaveLength(3);
});

test('columns that give the target away are left out, and a person can use them all the same', async () => {
  const leaking = csvText(
    'a,b,size,cnt',
    (index) => `${index % 7},${index % 11},${(index * 5) % 13},${(index % 7) + (index % 11)}`,
  );
  const asker = scripted(['with', 'write']);
  expect(await talk(leaking, { asker, target: 'cnt' })).toMatchObject({
    features: [{ name: 'a' }, { name: 'b' }, { name: 'size' }],
  });
  expect(asker.asked[0]?.candidates.map(({ label }) => label)).toContain('Use a, b all the same');
  expect(asker.texts[0]).toContain('! "a" + "b" is "cnt", so a, b are left out: --with a,b keeps them.');
  expect(asker.texts[0]).toMatch(/\n {2}a .* left out: "a" \+ "b" is "cnt"\n/);
  expect(asker.texts[1]?.replaceAll(/\s+/g, ' ')).toContain(
    '! "a" + "b" is "cnt": a caller who knows them needs no prediction. Leave them out with --without a,b.',
  );
  expect(await talk(leaking, { asker: scripted(['write']), target: 'cnt' })).toMatchObject({
    features: [{ name: 'size' }],
  });
});

test('a first line of data, an unclear kind and dates of two forms are asked one after another', async () => {
  const dmy = (index: number): string => `${1 + ((index * 5) % 12)}/${1 + ((index * 7) % 12)}/2024`;
  const text = csvText('3/4/2024,5,1', (index) => `${dmy(index)},${(index * 7) % 11},${index % 3}`);
  const asker = scripted(['--no-header', 'column 3', 'class', 'column 1=D/M/Y', 'write']);
  const draft = await talk(text, { asker });
  expect(draft).toMatchObject({
    target: { name: 'column 3' },
    kind: 'class',
    rows: 61,
    dateForms: new Map([['column 1', 'D/M/Y']]),
  });
  expect(asker.asked.map(({ text: asked }) => asked)).toEqual([
    'What is in the first line?',
    'Which column is to be predicted?',
    'Are the values of "column 3", 0 to 2, amounts or classes?',
    'How are the dates of "column 1" written, such as 3/4/2024?',
    'Write the project into houses/?',
  ]);
});

test('a word among numbers is asked about, and each reply leads to its column', async () => {
  const text = csvText(
    'size,x,price',
    (index) => `${index % 7},${index % 10 === 3 ? 'none' : (index * 7) % 31},${index * 3}.5`,
  );
  const ask = async (reply: string): Promise<readonly [unknown, ReturnType<typeof scripted>]> => {
    const asker = scripted([reply, 'write']);
    return [await talk(text, { asker }), asker];
  };
  const [missing, asker] = await ask('--missing none');
  expect(asker.asked[0]).toMatchObject({
    text: 'Is "none" a missing value in x?',
    reason: '"none" is on 6 of 60 lines of x, where all others have numbers',
  });
  expect(missing).toMatchObject({ setAside: undefined });
  expect(missing).toHaveProperty('roles.1.column.missing', 6);
  const [aside] = await ask('--type x=number --max-bad-rows 0.2');
  expect(aside).toMatchObject({ setAside: { count: 6 }, maxBadRows: 0.2 });
  const left = scripted(['--type x=text', 'write']);
  await talk(text, { asker: left });
  expect(left.texts.join('\n').replaceAll(/\s+/g, ' ')).toMatch(/ x text .*left out/);
  expect(await talk(text, { asker: scripted([undefined]) })).toBeUndefined();
});

test('more lines than usual that cannot be read are asked about, and nothing is written if the person stops', async () => {
  const text = csvText(
    'size,amount,price',
    (index) => `${index % 7},${index % 5 ? `${index}.5` : '1,234.5'},${index * 3}.5`,
    100,
  );
  const asker = scripted(['--max-bad-rows 0.3', 'write']);
  expect(await talk(text, { asker })).toMatchObject({ maxBadRows: 0.3, setAside: { count: 20, lines: 100 } });
  expect(asker.asked[0]?.text).toBe('Set 20 of 100 lines (20%) aside?');
  expect(await talk(text, { asker: scripted(['stop']) })).toBeUndefined();
});

test('a word in text that may mean a missing value is a hint with its flag', async () => {
  for (const word of ['k.A.', 'unknown', 'No data']) {
    const asker = scripted(['write']);
    const text = csvText(
      'town,size,price',
      (index) => `${index % 5 ? `t${index % 3}` : word},${index % 7},${index * 3}.5`,
    );
    await talk(text, { asker });
    expect(asker.texts.join('\n').replaceAll(/\s+/g, ' ')).toContain(
      `"${word}" in town (12 lines) is read as a text like any other. If it means a missing value, --missing ${word.includes(' ') ? `'${word}'` : word} reads it so.`,
    );
  }
});

test('a column of numbers that is left out for other cells names the flags that keep it', async () => {
  const asker = scripted(['write']);
  const text = csvText(
    'x,size,price',
    (index) => `${index % 3 ? index * 7 : `a${index}`},${index % 7},${index * 3}.5`,
  );
  await talk(text, { asker });
  expect(asker.texts.join('\n').replaceAll(/\s+/g, ' ')).toContain(
    'x is left out: line 2 has "a0" where others have a number. --type x=number reads it as numbers and sets the other lines aside; --type x=text keeps it as text.',
  );
});

test('a table of the terminal is as wide as the terminal, with long names and Chinese', async () => {
  const output: string[] = [];
  const header = `${'a very long name of a column '.repeat(3).trim()},价格价格价格价格价格价格价格,when,note,y`;
  await talk(
    csvText(
      header,
      (index) =>
        `${index % 7},文字${index % 3},${day(index)},text that is very long indeed ${index},${index * 3}.5`,
    ),
    { output },
  );
  const lines = (output[0] ?? '').split('\n');
  expect(lines.length).toBeGreaterThan(7);
  expect(
    lines
      .map((line) => line.length + (line.match(/[\u4E00-\u9FFF]/g) ?? []).length)
      .every((width) => width <= 80),
  ).toBe(true);
});

test('of a wide table, some columns are output and the others counted', async () => {
  const output: string[] = [];
  const names = Array.from({ length: 300 }, (_, index) => `f${index}`);
  await talk(
    csvText([...names, 'y'].join(','), (row) =>
      [...names.map((_, index) => (row * (1 + (index % 5)) + index) % 17), `${row}.5`].join(','),
    ),
    { output },
  );
  expect(output[0]).toMatch(/f23 [^]*\n {2}y +number [^]*\n {2}… and 276 more columns like these/);
});

test.each([
  ['D/M/Y', (index: number) => `${15 + (index % 12)}/03/${50 + (index % 9)}`],
  ['D.M.Y', (index: number) => `${15 + (index % 12)}.3.${50 + (index % 9)}`],
  ['month name', (index: number) => `${15 + (index % 12)}-Mar-${50 + (index % 9)}`],
])('%s: the centuries of years of two digits are said', async (_form, date) => {
  const asker = scripted(['write']);
  await talk(
    csvText('born,size,price', (index) => `${date(index)},${index % 7},${index * 3}.5`),
    { asker },
  );
  expect(asker.texts.join('\n').replaceAll(/\s+/g, ' ')).toContain(
    'The years of born have two digits: 69 to 99 are read as 1969 to 1999, and 00 to 68 as 2000 to 2068.',
  );
});

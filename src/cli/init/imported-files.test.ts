import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadProject } from '../../adapters/esbuild/load-project.ts';
import { optionsFor } from '../../adapters/esbuild/project.fixture.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import type { Project } from '../../project/project.ts';
import { csvText, day } from './csv-text.fixture.ts';
import { makeProject, type MakeOptions } from './make-project.ts';

let parent: string;
beforeEach(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'modelyard-')));
});
afterEach(async () => {
  await rm(parent, { recursive: true });
  Reflect.deleteProperty(globalThis, 'PWNED');
});

interface Making extends Partial<MakeOptions> {
  readonly file?: string;
}

/** The project that `init` writes, imported as a run imports it. */
async function imported(csv: string, { file = 'sales.csv', ...options }: Making = {}): Promise<Project> {
  const csvPath = join(parent, file);
  await writeFile(csvPath, csv);
  const name = options.name ?? 'houses';
  await makeProject({ parent, csvPath, version: '1.0.0', ...options, name });
  const folder = join(parent, name);
  const { project } = await loadProject(join(folder, 'modelyard.config.ts'), optionsFor(folder));
  expect(globalThis).not.toHaveProperty('PWNED');
  return project;
}

const attack = 'globalThis.PWNED = 1';
const hostile = [
  `price*/ ;${attack}; /*`,
  `*/${attack}//`,
  `\`;${attack};\``,
  `\${(${attack})}`,
  `\\\${${attack}}\\\``,
  `';${attack};'`,
  `";${attack};"`,
  `\\';${attack};//`,
  `a\n${attack}\nb`,
  `a\r${attack}\r\nb`,
  `a\u2028${attack}\u2029b`,
  `*\n/${attack}\n/*`,
  `</script><script>${attack}</script>`,
  'back\\',
  '*',
  'constructor',
  '__proto__',
  'toString',
];

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const size = (index: number): number => (index * 7) % 31;
const price = (index: number): string => (size(index) + (index % 3) * 2.5 + 0.5).toFixed(1);
const filled = (index: number, text: string | number): string => (index % 9 === 4 ? '' : String(text));

interface Role {
  /** Of the hostile column. */
  readonly cell: (index: number) => string;
  /** The other columns, and a line of them. */
  readonly others: readonly [header: string, line: (index: number) => string];
  readonly options: (name: string) => Partial<MakeOptions>;
  /** Where the imported project has the name. */
  readonly nameIn: (project: Project) => unknown;
}

const sizes = ['b,c', (index: number) => `${size(index)},${index % 5}`] as const;
const prices = ['b,price', (index: number) => `${size(index)},${price(index)}`] as const;
const days = ['day', (index: number) => day(index)] as const;

const roles: Readonly<Record<string, Role>> = {
  target: {
    cell: price,
    others: sizes,
    options: (target) => ({ target }),
    nameIn: ({ models }) => models[0]?.target,
  },
  'target with blanks': {
    cell: (index) => filled(index, price(index)),
    others: sizes,
    options: (target) => ({ target }),
    nameIn: ({ models }) => models[0]?.target,
  },
  'class with blanks': {
    cell: (index) => filled(index, `k${size(index) % 3}`),
    others: sizes,
    options: (target) => ({ target }),
    nameIn: ({ models }) => models[0]?.target,
  },
  'time with blanks': {
    cell: (index) => filled(index, day(index)),
    others: prices,
    options: (time) => ({ time, target: 'price', kind: 'model' }),
    nameIn: ({ models }) => models[0]?.split.by,
  },
  group: {
    cell: (index) => `g${index % 12}`,
    others: prices,
    options: (group) => ({ group, target: 'price' }),
    nameIn: ({ models }) => models[0]?.split.group,
  },
  'value of a forecast': {
    cell: (index) => filled(index, price(index)),
    others: days,
    options: (target) => ({ kind: 'forecast', target, time: 'day' }),
    nameIn: ({ forecasts }) => forecasts[0]?.value,
  },
  'time of a forecast': {
    cell: day,
    others: ['sold', price],
    options: (time) => ({ kind: 'forecast', target: 'sold', time }),
    nameIn: ({ forecasts }) => forecasts[0]?.time,
  },
  'series of a forecast': {
    cell: (index) => `s${index % 2}`,
    others: ['day,sold', (index) => `${day(Math.floor(index / 2))},${price(index)}`],
    options: (series) => ({ kind: 'forecast', target: 'sold', time: 'day', series: [series] }),
    nameIn: ({ forecasts }) => forecasts[0]?.series,
  },
};

const features = ({ models }: Project): readonly string[] =>
  models.flatMap(({ request }) =>
    request && 'shape' in request ? Object.keys(request.shape as object) : [],
  );

/** The one name that `init` refuses for what code must name. */
const unusable = '__proto__';

test.each(Object.keys(roles).flatMap((role) => hostile.map((name) => [role, name] as const)))(
  '%s: the column %j is no code',
  async (role, name) => {
    const { cell, others, options, nameIn } = roles[role] as Role;
    const [header, rest] = others;
    const csv = csvText(`${quoted(name)},${header}`, (index) => `${cell(index)},${rest(index)}`, 80);
    const importing = imported(csv, options(name));
    const found = await importing.then(nameIn, ({ code }: PlatformError) => code);
    expect(found).toBe(name === unusable ? 'CONFIG_INVALID' : name);
  },
);

const usable = hostile.filter((name) => name !== unusable);

type Cell = (index: number, column: number) => string;

test.each<[string, Cell, { readonly without?: readonly string[]; readonly isFeature: boolean }]>([
  ['number', (index, column) => filled(index, (index * column) % 7), { isFeature: true }],
  ['choice', (index, column) => filled(index, `t${(index * column) % 3}`), { isFeature: true }],
  ['category', (index, column) => `t${(index + column) % 29}`, { isFeature: true }],
  ['date', (index, column) => filled(index, day(-column * index)), { isFeature: true }],
  ['id', (index, column) => `note ${column} of ${index}`, { isFeature: false }],
  ['left out', (index, column) => String((index + column) % 7), { without: usable, isFeature: false }],
  ['leak', (index, column) => String(Number(price(index)) * (column + 2)), { isFeature: false }],
])('%s: no column is code, whatever its name', async (_, cell, { without, isFeature }) => {
  const project = await imported(
    csvText(`${hostile.map(quoted).join(',')},b,price`, (index) =>
      [...hostile.map((__, column) => cell(index, column + 1)), size(index), price(index)].join(','),
    ),
    { target: 'price', without },
  );
  expect(features(project)).toEqual([...(isFeature ? usable : []), 'b']);
});

test('leak: no column is code, whatever its name', async () => {
  const project = await imported(
    csvText(`${hostile.map(quoted).join(',')},b,price`, (index) =>
      [...hostile.map((_, at) => Number(price(index)) * (at + 3)), size(index), price(index)].join(','),
    ),
    { target: 'price' },
  );
  expect(features(project)).toContain('b');
});

test.each(hostile)('the value %j of a class, a choice and a category is no code', async (value) => {
  const text = (index: number, count: number): string =>
    index % count === 0 ? quoted(value) : `v${index % count}`;
  const project = await imported(
    csvText(
      'choice,category,b,kind',
      (index) => [text(index, 3), text(index, 45), size(index), text(index * 5 + 1, 4)].join(','),
      400,
    ),
    { target: 'kind' },
  );
  expect(project.models[0]?.target).toBe('kind');
});

test.each([
  ...hostile.filter((name) => !name.includes('/')),
  'left-out',
  'leftOut',
  'complete',
  'dated',
  'source',
  'row',
  'class',
  'Raw',
  'points',
  '面积',
])('a file that is called %j is no code', async (name) => {
  const gaps = csvText('a,b,price', (index) => `${size(index)},${index % 5},${filled(index, price(index))}`);
  await imported(gaps, { file: `${name}.csv`, name: 'houses' });
  const forecast = csvText('day,sold', (index) => `${day(index)},${price(index)}`);
  await imported(forecast, { file: `${name}.csv`, name: 'sales' });
});

test.each(['constructor', 'clean', 'points', 'sound', 'proto', 'default', 'z'])(
  'a project can be called %s',
  async (name) => {
    const line = (index: number): string => `${size(index)},${index % 5},${price(index)}`;
    expect((await imported(csvText('a,b,price', line), { name, file: `${name}.csv` })).name).toBe(name);
  },
);

test('columns whose variables would be the same are told apart', async () => {
  const project = await imported(
    csvText(
      'town,one of town,Town!,towns at,price',
      (index) => `t${index % 3},u${index % 4},w${index % 5},${day(index)},${price(index)}`,
    ),
  );
  expect(features(project)).toEqual(['town', 'one of town', 'Town!', 'towns at']);
});

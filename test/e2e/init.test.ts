import { execFile } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobView } from '../../src/api/job-views.ts';
import type { PredictionView } from '../../src/api/views.ts';
import { repository, temporaryFolder, type TemporaryFolder } from './product.ts';

const run = promisify(execFile);

/** A folder with the packed package installed, and nothing of this repository above it. */
let installation: TemporaryFolder;

beforeAll(async () => {
  installation = await temporaryFolder();
  const { stdout } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', installation.path],
    { cwd: repository },
  );
  const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[];
  await writeFile(join(installation.path, 'package.json'), '{ "private": true }\n');
  await run(
    'npm',
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      join(installation.path, packed?.filename ?? ''),
    ],
    { cwd: installation.path },
  );
}, 300_000);
afterAll(() => installation[Symbol.asyncDispose]());

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function modelyard(args: readonly string[]): Promise<Finished> {
  const result = await run('npx', ['--no-install', 'modelyard', ...args], { cwd: installation.path }).catch(
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => error,
  );
  return { code: 'code' in result ? result.code : 0, out: result.stdout, err: result.stderr };
}

async function done(args: readonly string[]): Promise<string> {
  const { code, out, err } = await modelyard(args);
  if (code !== 0) throw new Error(`modelyard ${args.join(' ')} ended with ${code}:\n${out}\n${err}`);
  return out;
}

/** Runs the project, predicts once, and runs it again. */
async function livesIn(name: string): Promise<PredictionView> {
  const first = JSON.parse(await done(['run', '--project', name, '--json'])) as JobView;
  expect(first.outcome?.verdicts).toMatchObject([
    {
      model: name,
      version: 1,
      summary: expect.stringMatching(
        /^promoted: the first version; MAE is .+ lower than always predicting the (median|mean) on [\d,]+ test rows, .+$/,
      ),
    },
  ]);
  const prediction = JSON.parse(
    await done(['predict', name, '--explain', '--project', name, '--json']),
  ) as PredictionView;
  expect(prediction).toMatchObject({ endpoint: name, version: 1 });
  expect(await done(['run', '--project', name])).toMatch(/^Nothing changed: all \d+ tasks are up to date/);
  return prediction;
}

/** The compiler's output for the new project, with the types from the package. */
async function compiled(name: string): Promise<string> {
  const compiler = join(repository, 'node_modules/.bin/tsc');
  return run(compiler, ['--noEmit', '-p', join(installation.path, name)], { cwd: installation.path }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
}

test('a project with generated houses is created, compiles, trains, predicts and then has nothing to do', async () => {
  const output = await done(['init', 'houses']);
  expect(output).toContain('600 made-up houses');
  expect(
    output
      .trim()
      .split('\n')
      .slice(-3)
      .map((line) => line.trim()),
  ).toEqual(['cd houses', 'npm install', 'npx modelyard dev']);
  expect(await compiled('houses')).toBe('');
  const prediction = await livesIn('houses');
  expect(prediction.unit).toBe('EUR');
  expect(prediction.prediction).toBeGreaterThan(50_000);
  expect(prediction.prediction).toBeLessThan(1_000_000);
  expect(await done(['models', '--project', 'houses'])).toMatch(/v1 @prod .* R² 0\.[89]\d/);
});

test('a mistake in a new project is a compile error', async () => {
  await done(['init', 'wrong']);
  const path = join(installation.path, 'wrong/modelyard.config.ts');
  const config = await readFile(path, 'utf8');
  await writeFile(path, config.replace("target: 'price'", "target: 'town'"));
  expect(await compiled('wrong')).toMatch(
    /modelyard\.config\.ts\(\d+,\d+\): error TS2322: Type '"town"' is not assignable/,
  );
});

test('a CSV with quotes, blanks, dates and odd names becomes a project that runs', async () => {
  await mkdir(join(installation.path, 'files'));
  await writeFile(join(installation.path, 'files/Köln 2023.csv'), oddCsv());
  const output = await done(['init', 'odd', '--csv', 'files/Köln 2023.csv', '--target', 'Price (EUR)']);
  expect(output).toContain(
    'from      2nd Floor, Living Area (m²), It\'s "Grand", Grade, Größe, Built, checked at, class, lot\n',
  );
  expect(output).toContain('tests on  the latest fifth by checked at, all rows of one Order ID together');
  expect(await compiled('odd')).toBe('');
  const prediction = await livesIn('odd');
  expect(prediction.unit).toBe('EUR');
  expect(prediction.explanation?.contributions.map(({ feature }) => feature)).toContain('Living Area (m²)');
});

test('a CSV without dates and names is split at random', async () => {
  const lines = Array.from(
    { length: 80 },
    (_, line) => `${line % 9},${line % 2 ? 'red' : 'blue'},${(line % 9) * 5 + (line % 2)}`,
  );
  await writeFile(join(installation.path, 'plain.csv'), `width,colour,weight\n${lines.join('\n')}\n`);
  expect(await done(['init', 'plain', '--csv', 'plain.csv', '--target', 'weight'])).toContain(
    'tests on  a fifth of the rows, drawn at random',
  );
  expect(await compiled('plain')).toBe('');
  await livesIn('plain');
});

test('a new category in the data or in a request does not end anything, whatever the columns are called', async () => {
  const lines = Array.from(
    { length: 80 },
    (_, line) =>
      `${['T0', 'T1', '<1H [x]'][line % 3]},${(line * 7) % 31},${((line * 7) % 31) + (line % 3) * 9}.5`,
  );
  await writeFile(join(installation.path, 'new.csv'), `"town",constructor,y\n${lines.join('\n')}\n`);
  await done(['init', 'fresh', '--csv', 'new.csv']);
  expect(await compiled('fresh')).toBe('');
  await livesIn('fresh');
  await appendFile(join(installation.path, 'fresh/data/new.csv'), 'T9,61,1.5\n');
  const again = JSON.parse(await done(['run', '--project', 'fresh', '--json'])) as JobView;
  expect(again.outcome?.verdicts).toMatchObject([{ model: 'fresh', version: 2 }]);
  const prediction = JSON.parse(
    await done(['predict', 'fresh', '{"town":"T77","constructor":5}', '--project', 'fresh', '--json']),
  ) as PredictionView;
  expect(prediction.prediction).toEqual(expect.any(Number));
});

test('without a terminal, an unclear target is refused with the flag and the candidates', async () => {
  const lines = Array.from(
    { length: 80 },
    (_, line) => `${line % 9},${line * 3},${line % 2 ? 'red' : 'blue'}`,
  );
  await writeFile(join(installation.path, 'unclear.csv'), `width,weight,colour\n${lines.join('\n')}\n`);
  const before = await readdir(installation.path);
  for (const flags of [[], ['--yes']]) {
    const { code, err } = await modelyard(['init', 'unclear', '--csv', 'unclear.csv', ...flags]);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining(
        '--target must be given, since the last column, "colour", holds words, so it may be a class or a feature; candidates: colour, weight, width',
      ),
    ]);
    expect(err).toContain('  column  type      missing  examples   role\n');
  }
  expect(await readdir(installation.path)).toEqual(before);
});

test('a refused project names the field, value and remedy, and leaves nothing', async () => {
  const before = await readdir(installation.path);
  const refused = async (...args: readonly string[]): Promise<readonly [number, string]> => {
    const { code, err } = await modelyard(['init', ...args]);
    return [code, err.split('\n').find((line) => line.startsWith('error: ')) ?? ''];
  };
  expect(await refused('My-Houses')).toEqual([
    2,
    expect.stringMatching(/Use lower-case letters.*\(name: "My-Houses"\)/),
  ]);
  expect(await refused('place', '--csv', 'none.csv')).toEqual([
    2,
    expect.stringMatching(
      /--csv must be a CSV file, and there is no such file: check the path \(got ".*none\.csv"\)/,
    ),
  ]);
  expect(await refused('place', '--target', 'cost')).toEqual([
    2,
    expect.stringMatching(
      /--target must be a column of sales\.csv; its columns are sold, town, size.*\(got "cost"\)/,
    ),
  ]);
  expect(await refused('place', '--target', 'sold')).toEqual([
    1,
    expect.stringContaining('(column "sold" of sales.csv: "dates, 2022-01-01 to 2024-12-30")'),
  ]);
  expect(await readdir(installation.path)).toEqual(before);
});

function oddCsv(): string {
  const header = [
    'Order ID',
    '2nd Floor',
    'Living Area (m²)',
    `"It's ""Grand"""`,
    'Grade',
    'Größe',
    'constant',
    'Built',
    'checked at',
    'blank',
    'notes',
    'class',
    'Price (EUR)',
    'lot',
  ];
  const day = (line: number): string => new Date(Date.UTC(2023, 0, 1 + line)).toISOString().slice(0, 10);
  const lines = Array.from({ length: 200 }, (_, line) => {
    const area = 30.5 + ((line * 37) % 170);
    return [
      `o-${Math.floor(line / 2)}`,
      ['yes', 'No', ''][line % 3],
      area,
      line % 2 === 0,
      ['A', 'a', '"B ""x"""', '"C;d"'][(line * 7) % 4],
      ['klein', 'groß', ''][(line * 5) % 3],
      'x',
      line % 10 === 4 ? '' : day(-line * 11),
      `${day(Math.floor(line / 2))}T10:00:00+02:00`,
      '',
      `"note; ${line}"`,
      line % 5 < 2 ? 'new' : 'old',
      line % 50 === 3 ? '' : area * 3000 + (line % 13) * 1000,
      line === 34 ? 'NA' : 100 + line * 3,
    ].join(';');
  });
  return `\uFEFF${[header.join(';'), ...lines].join('\r\n')}\r\n`;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modelyard, startDev, temporaryFolder } from './product.ts';

const day = (index: number): string => new Date(Date.UTC(2023, 0, 1 + index)).toISOString().slice(0, 10);
const month = (index: number): string => new Date(Date.UTC(2015, index, 1)).toISOString().slice(0, 7);
const lines = (rows: number, line: (index: number) => string): string =>
  Array.from({ length: rows }, (_, index) => `${line(index)}\n`).join('');
/** Sales with a season of twelve. */
const sold = (index: number): number =>
  Math.round(200 + index + 40 * Math.sin((index * Math.PI) / 6) + ((index * 37) % 7));

interface Case {
  readonly csv: string;
  /** @default no flags */
  readonly flags?: readonly string[];
  readonly printed: RegExp;
  readonly request: object;
  readonly prediction: object;
  /** Fields of the form. */
  readonly fields: readonly string[];
}

const probability = expect.toSatisfy((value: unknown) => Number(value) > 0.5 && Number(value) <= 1);
const points = expect.toSatisfy((value: unknown) => Array.isArray(value) && value.length === 12);

const cases: Readonly<Record<string, Case>> = {
  'yes or no': {
    csv: `day,visits,plan,bought\n${lines(300, (index) => `${day(index)},${index % 40},${index % 3 ? 'free' : 'team'},${index % 40 > 18 + (index % 7) ? 'yes' : 'no'}`)}`,
    printed: /predicts\s+bought, yes or no/,
    request: { day: '2023-10-28', visits: 38, plan: 'free' },
    prediction: { kind: 'class', prediction: true, probability, probabilities: { true: probability } },
    fields: ['day', 'visits', 'plan'],
  },
  'a class': {
    csv: `day,visits,level\n${lines(300, (index) => `${day(index)},${index % 40},${['low', 'middle', 'high'][Math.floor(((index % 40) + (index % 3)) / 15)]}`)}`,
    flags: ['--target', 'level'],
    printed: /predicts\s+level, one of its values/,
    request: { day: '2023-10-28', visits: 2 },
    prediction: {
      kind: 'class',
      prediction: 'low',
      probability,
      probabilities: { low: probability, high: expect.any(Number) },
    },
    fields: ['day', 'visits'],
  },
  'the next values of one series': {
    csv: `month,sold\n${lines(108, (index) => `${month(index)},${sold(index)}`)}`,
    printed: /forecasts\s+sold, 12 months ahead/,
    request: { series: 'sold' },
    prediction: { kind: 'forecast', points },
    fields: ['series', 'history', 'horizon'],
  },
  'the next values of many series': {
    csv: `shop,month,sold\n${lines(324, (index) => `s${index % 3},${month(Math.floor(index / 3))},${sold(Math.floor(index / 3)) * (1 + (index % 3))}`)}`,
    printed: /series\s+3, by shop/,
    request: { series: 's1' },
    prediction: { kind: 'forecast', points },
    fields: ['series', 'history', 'horizon'],
  },
};

test.each(Object.entries(cases))(
  'a CSV whose target is %s is created, trained, promoted and served with its form',
  async (_, { csv, flags = [], printed, request, prediction, fields }) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'data.csv'), csv);
    const made = await modelyard(['init', 'tried', '--csv', 'data.csv', ...flags], { cwd: folder.path });
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(printed) });
    await using dev = await startDev(['--project', join(folder.path, 'tried')]);
    await dev.line(/^ {2}predict +.*\/apps\/tried/);
    await dev.line(/^tried version 1 promoted/);
    const get = async (path: string): Promise<unknown> => (await fetch(`${dev.url}${path}`)).json();
    const endpoint = (await get('/api/endpoints/tried')) as {
      readonly request: { readonly properties: object };
    };
    expect(Object.keys(endpoint.request.properties)).toEqual(fields);
    expect((await fetch(`${dev.url}/apps/tried`)).status).toBe(200);
    const response = await fetch(`${dev.url}/predict/tried`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    expect(await response.json()).toMatchObject({ endpoint: 'tried', version: 1, ...prediction });
  },
  300_000,
);

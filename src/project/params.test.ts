import { expect, test } from 'vitest';
import { z } from 'zod';
import { type GivenParam, params, paramsReader } from './params.ts';

const schema = z.object({
  live: z.boolean().default(false),
  rows: z.int().min(1).default(1000),
  rate: z.number().optional(),
  name: z.string().default('x'),
  warehouse: z.enum(['sqlite', 'postgres']).default('sqlite'),
  teams: z.array(z.string()).default([]),
});

const set = (name: string, value: string): GivenParam => ({
  name,
  value,
  isText: true,
  field: `--set ${name}`,
});
const file = (name: string, value: GivenParam['value']): GivenParam => ({
  name,
  value,
  isText: false,
  field: `${name} in params.yaml`,
});
const read = (...given: GivenParam[]): object => paramsReader(given).params(schema);

test('params have their defaults', () => {
  expect(params(schema)).toEqual({ live: false, rows: 1000, name: 'x', warehouse: 'sqlite', teams: [] });
});

test('a text is converted by the schema of its param', () => {
  expect(
    read(
      set('live', 'yes'),
      set('rows', '5'),
      set('rate', '1e-3'),
      set('name', '007'),
      set('warehouse', 'postgres'),
      set('teams', '["BOS","007"]'),
    ),
  ).toEqual({ live: true, rows: 5, rate: 0.001, name: '007', warehouse: 'postgres', teams: ['BOS', '007'] });
  expect(read(set('live', 'OFF'), set('name', 'true'))).toMatchObject({ live: false, name: 'true' });
});

test('later values win', () => {
  expect(read(file('rows', 2), set('rows', '3'), set('rows', '4'))).toMatchObject({ rows: 4 });
});

test.each([
  [set('rows', '1.5'), 'bad configuration: --set rows must be a whole number of at least 1 (got "1.5")'],
  [set('rows', '0'), 'bad configuration: --set rows must be a whole number of at least 1 (got "0")'],
  [set('rows', ''), 'bad configuration: --set rows must be a whole number of at least 1 (got "")'],
  [set('live', 'maybe'), 'bad configuration: --set live must be true or false (got "maybe")'],
  [
    set('warehouse', 'oracle'),
    'bad configuration: --set warehouse must be one of "sqlite", "postgres" (got "oracle")',
  ],
  [file('name', 1.1), 'bad configuration: name in params.yaml must be a text (got 1.1)'],
  [
    set('rwos', '3'),
    'bad configuration: --set rwos is not a param of the project: did you mean "rows"? (got "3")',
  ],
  [
    set('constructor', '3'),
    'bad configuration: --set constructor is not a param of the project: the params are live, rows, rate, name, warehouse, teams (got "3")',
  ],
])('a wrong value is named with its remedy: %o', (given, message) => {
  expect(() => read(given)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message }));
});

test('a param without default is asked for', () => {
  expect(() => params(z.object({ maxRows: z.int() }))).toThrow(
    'maxRows has no default: write it in params.yaml, or give --set maxRows=… or MODELYARD_PARAM_MAX_ROWS (missing)',
  );
});

test('a second call, and a value that JSON cannot hold, are refused', () => {
  const reader = paramsReader([]);
  expect(reader.read()).toBeUndefined();
  reader.params(z.object({ a: z.int().default(1) }));
  expect(reader.read()).toEqual({ a: 1 });
  expect(() => reader.params(z.object({ b: z.int().default(1) }))).toThrow('Call params() once');
  expect(() =>
    params(
      z.object({
        day: z
          .string()
          .default('2024-01-01')
          .transform((text) => new Date(text)),
      }),
    ),
  ).toThrow(
    'A param is a string, number, boolean, null, or a list or object of these (param day: "[object Date]")',
  );
});

test('a rule over several params is named', () => {
  const ordered = z
    .object({ from: z.int().default(5), to: z.int().default(1) })
    .refine(({ from, to }) => from <= to, { message: 'from is after to', path: ['from'] });
  expect(() => params(ordered)).toThrow('The schema of the params refuses it: from is after to (from: ');
});

test.each([
  ['live', 'MODELYARD_PARAM_LIVE'],
  ['maxRows', 'MODELYARD_PARAM_MAX_ROWS'],
  ['max_rows', 'MODELYARD_PARAM_MAX_ROWS'],
  ['k20', 'MODELYARD_PARAM_K20'],
])('%s is set by %s', (name, variable) => {
  const given = [set(name, '1'), { name: variable, value: '2', isText: true, field: variable }];
  expect(paramsReader(given).params(z.object({ [name]: z.int() }))).toEqual({ [name]: 2 });
});

test('an unknown variable is named with the one that is meant', () => {
  const given = { name: 'MODELYARD_PARAM_RWOS', value: '2', isText: true, field: 'MODELYARD_PARAM_RWOS' };
  expect(() => read(given)).toThrow(
    'MODELYARD_PARAM_RWOS is not a param of the project: did you mean "MODELYARD_PARAM_ROWS"? (got "2")',
  );
});

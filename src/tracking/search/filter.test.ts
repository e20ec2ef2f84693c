import { expect, test } from 'vitest';
import { SearchError } from './ast.ts';
import { parseCondition, parseFilter } from './filter.ts';
import {
  experimentSearch,
  loggedModelSearch,
  modelVersionSearch,
  registeredModelSearch,
  runSearch,
  type SearchGrammar,
} from './grammar.ts';
import { tokensOf } from './tokens.ts';

function reasonOf(filter: string, grammar: SearchGrammar = runSearch): string {
  try {
    parseFilter(filter, grammar);
  } catch (error) {
    if (error instanceof SearchError) return error.reason;
    throw error;
  }
  return 'none';
}

test('an empty filter has no clauses', () => {
  expect(parseFilter('', runSearch)).toEqual([]);
  expect(parseFilter(undefined, runSearch)).toEqual([]);
});

test('reads every kind of clause of a search of runs', () => {
  const filter =
    'metrics.loss < 0.1 AND params.lr = \'0.01\' and tag.team ILIKE "%A%" AND start_time >= 5 ' +
    "AND attributes.run_id IN ('a', 'b') AND run_name NOT IN (\"x\") AND params.p IS NULL AND tags.t is not null " +
    "AND datasets.name LIKE 'd_'";
  expect(parseFilter(filter, runSearch)).toEqual([
    { kind: 'number', entity: 'metric', key: 'loss', comparator: '<', value: 0.1 },
    { kind: 'text', entity: 'param', key: 'lr', comparator: '=', value: '0.01' },
    { kind: 'text', entity: 'tag', key: 'team', comparator: 'ILIKE', value: '%A%' },
    { kind: 'number', entity: 'attribute', key: 'start_time', comparator: '>=', value: 5 },
    { kind: 'list', entity: 'attribute', key: 'run_id', comparator: 'IN', values: ['a', 'b'] },
    { kind: 'list', entity: 'attribute', key: 'run_name', comparator: 'NOT IN', values: ['x'] },
    { kind: 'presence', entity: 'param', key: 'p', comparator: 'IS NULL' },
    { kind: 'presence', entity: 'tag', key: 't', comparator: 'IS NOT NULL' },
    { kind: 'text', entity: 'dataset', key: 'name', comparator: 'LIKE', value: 'd_' },
  ]);
});

test.each([
  ["tags.`my tag` = 'x'", 'my tag'],
  ['tags."my tag" = \'x\'', 'my tag'],
  ["tags.mlflow.source.name = 'x'", 'mlflow.source.name'],
  ["tags.`mlflow.prompt.is_prompt` != 'true'", 'mlflow.prompt.is_prompt'],
  ["`tags`.k = 'x'", 'k'],
  ["tags.`__proto__` = 'x'", '__proto__'],
  ["tags.größe = 'x'", 'größe'],
  ["tags.`a-b/c AND d` = 'x'", 'a-b/c AND d'],
])('reads the key of %s', (filter, key) => {
  expect(parseFilter(filter, runSearch)).toMatchObject([{ entity: 'tag', key }]);
});

test.each([
  ['Created > 1', 'start_time'],
  ["`Run name` = 'x'", 'run_name'],
  ['"run name" = \'x\'', 'run_name'],
  ['attr.end_time < 3', 'end_time'],
  ["run.status = 'FINISHED'", 'status'],
])('reads the attribute of %s', (filter, key) => {
  expect(parseFilter(filter, runSearch)).toMatchObject([{ entity: 'attribute', key }]);
});

test.each([
  ["params.p = 'it''s'", "it's"],
  ['params.p = "it\'s"', "it's"],
  ["params.p = ''", ''],
  ["params.p = 'a AND b'", 'a AND b'],
  ["params.p = '\" OR 1=1 --'", '" OR 1=1 --'],
])('reads the text of %s', (filter, value) => {
  expect(parseFilter(filter, runSearch)).toMatchObject([{ value }]);
});

test.each([
  ['metrics.m = -1.5e-3', -0.0015],
  ['metrics.m = .5', 0.5],
  ['metrics.m = 7.', 7],
  ['metrics.m >-1', -1],
  ['start_time > 9223372036854775807', 9223372036854775807n],
])('reads the number of %s', (filter, value) => {
  expect(parseFilter(filter, runSearch)).toMatchObject([{ value }]);
});

test.each([
  ['params.p = 1', "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1"],
  ["metrics.m > 'a'", "Expected numeric value type for metric. Found 'a'"],
  ['metrics.m > inf', 'Expected numeric value type for metric. Found inf'],
  ["start_time > 'a'", "Expected numeric value type for numeric attribute: start_time. Found 'a'"],
  ["metrics.m > 1 OR params.p = '1'", "Invalid clause(s) in filter string: 'OR'"],
  [
    'foo.bar = 1',
    "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
  ],
  [
    "attributes.foo = 'x'",
    "Invalid attribute key 'foo' specified. Valid keys are '{'end_time', 'status', 'artifact_uri', 'user_id', 'created', 'Created', 'run_name', 'run_id', 'start_time', 'Run name', 'Run Name', 'run name'}'",
  ],
  ['metrics.m >', "Invalid clause(s) in filter string: 'metrics.m', '>'"],
  ['(metrics.m > 1)', "Invalid clause(s) in filter string: '(metrics.m > 1)'"],
  [
    "params.p RLIKE '1'",
    "Invalid comparator 'RLIKE' not one of '{'=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}'",
  ],
  [
    "params.p NOT LIKE '1'",
    "Invalid comparator 'NOT LIKE' not one of '{'=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}'",
  ],
  ['metrics.m IS NULL', "IS NULL / IS NOT NULL is only supported for tags and params, not for 'metric' 'm'"],
  ['metrics.m == 1', "Invalid comparator '==' not one of '{'=', '!=', '>', '>=', '<', '<='}'"],
  [
    'params.p = x',
    'Parameter value is either not quoted or unidentified quote types used for string value x. Use either single or double quotes.',
  ],
  [
    'params.p = `x`',
    'Parameter value is either not quoted or unidentified quote types used for string value `x`. Use either single or double quotes.',
  ],
  ['run_name = 1', 'Expected a quoted string value for attributes. Got value 1'],
  [
    'run_id IN ()',
    'While parsing a list in the query, expected a non-empty list of string values, but got empty list',
  ],
  [
    "run_id IN ('a' 'b')",
    'While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.',
  ],
  [
    'run_id IN (1, 2)',
    'While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: (1, 2)',
  ],
  [
    "dataset.foo = 'x'",
    "Invalid dataset key 'foo' specified. Valid keys are '{'name', 'digest', 'context'}'",
  ],
  [
    "params.p = 'x'; DROP TABLE runs",
    "Search filter contained multiple expression 'params.p = 'x'; DROP TABLE runs'. Provide AND-ed expression list.",
  ],
  [' ', "Invalid filter ' '. Could not be parsed."],
  ["params.p = 'x", "Invalid clause(s) in filter string: 'params.p', '=', ''', 'x'"],
])('refuses %s', (filter, reason) => {
  expect(reasonOf(filter)).toBe(reason);
});

test('each search has attributes and messages of its own', () => {
  expect(reasonOf("nme = 'x'", experimentSearch)).toBe(
    "Invalid attribute key 'nme' specified. Valid keys are '{'name', 'creation_time', 'last_update_time'}'",
  );
  expect(reasonOf('metrics.m > 1', experimentSearch)).toBe(
    "Invalid entity type 'metrics'. Valid entity types are ('attribute', 'tag', 'tags')",
  );
  expect(reasonOf("name = 'a' OR name = 'b'", experimentSearch)).toBe(
    'Invalid clause(s) in filter string: OR',
  );
  expect(reasonOf("foo = 'x'", registeredModelSearch)).toBe(
    "Invalid attribute key 'foo' specified. Valid keys are '{'name'}'",
  );
  expect(reasonOf('name = 1', registeredModelSearch)).toBe(
    'Expected a quoted string value or a list of quoted string values for attributes. Got value 1',
  );
  expect(reasonOf("name IN ('a')", modelVersionSearch)).toBe(
    "Only the 'run_id' attribute supports comparison with a list of quoted string values.",
  );
  expect(parseFilter("run_id IN ('r') AND version_number > 2", modelVersionSearch)).toMatchObject([
    { kind: 'list', key: 'run_id', values: ['r'] },
    { kind: 'number', key: 'version_number', value: 2 },
  ]);
  expect(parseFilter("creation_time > 2 AND status IN ('READY')", loggedModelSearch)).toMatchObject([
    { kind: 'number', key: 'creation_timestamp' },
    { kind: 'list', key: 'status' },
  ]);
});

test('a filter is bounded in length, in clauses and in lists', () => {
  const clause = 'metrics.m > 1';
  expect(parseFilter(Array(200).fill(clause).join(' AND '), runSearch)).toHaveLength(200);
  expect(reasonOf(Array(201).fill(clause).join(' AND '))).toBe('A filter may have 200 clauses at most.');
  expect(reasonOf(`params.p = '${'x'.repeat(400_000)}'`)).toBe(
    'A filter may have 400000 characters at most.',
  );
  for (const piece of ['(', 'a IN (', "a = 'x' AND (", ')'])
    expect(reasonOf(piece.repeat(25_001).repeat(2).slice(0, 399_999))).toMatch(
      /^A filter may have 50000 words and marks at most\.$/,
    );
  // Reading on to the end of such texts takes a second.
  for (const piece of ['.', '@', '`', "x '", '1. '])
    expect(tokensOf(piece.repeat(100_000), 10).list).toHaveLength(11);
  expect(reasonOf('('.repeat(40_000)).length).toBeLessThan(5000);
  const ids = (count: number): string => `run_id IN (${Array(count).fill("'a'").join(',')})`;
  expect(parseFilter(ids(10_000), runSearch)).toMatchObject([{ kind: 'list' }]);
  expect(reasonOf(ids(10_001))).toBe('A list may have 10000 values at most.');
});

test('our extension reads OR and parentheses; AND binds more strongly', () => {
  const a = { kind: 'number', entity: 'metric', key: 'a', comparator: '>', value: 1 };
  const [b, c] = [
    { ...a, key: 'b' },
    { ...a, key: 'c' },
  ];
  expect(parseCondition('metrics.a > 1', runSearch)).toEqual(a);
  expect(parseCondition(undefined, runSearch)).toEqual({ kind: 'all', of: [] });
  expect(parseCondition('metrics.a > 1 OR metrics.b > 1 AND metrics.c > 1', runSearch)).toEqual({
    kind: 'any',
    of: [a, { kind: 'all', of: [b, c] }],
  });
  expect(parseCondition('(metrics.a > 1 or metrics.b > 1) AND metrics.c > 1', runSearch)).toEqual({
    kind: 'all',
    of: [{ kind: 'any', of: [a, b] }, c],
  });
});

test.each([
  '(metrics.a > 1',
  'metrics.a > 1)',
  'metrics.a > 1 OR',
  'metrics.a > 1 metrics.b > 1',
  `${'('.repeat(40)}metrics.a > 1${')'.repeat(40)}`,
])('our extension refuses %s', (filter) => {
  expect(() => parseCondition(filter, runSearch)).toThrow(SearchError);
});

test('no text of a filter makes the reader fail otherwise', () => {
  const pieces = [
    'metrics.m',
    "'a'",
    '"',
    "'",
    '`',
    '(',
    ')',
    ',',
    ';',
    'AND',
    'OR',
    'IN',
    'NOT',
    'IS',
    'NULL',
    '=',
    '>',
    '1',
    '-',
    '.',
    'x',
    '\\',
    '\u0000',
    '--',
  ];
  for (let first = 0; first < pieces.length; first++)
    for (let second = 0; second < pieces.length; second++)
      for (const third of pieces)
        expect(typeof reasonOf(`${pieces[first]} ${pieces[second]} ${third}`)).toBe('string');
});

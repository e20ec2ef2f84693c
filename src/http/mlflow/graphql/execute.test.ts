import { expect, test } from 'vitest';
import type { JsonObject } from '../../../kernel/json.ts';
import { executeGraphql, type GraphqlResponse } from './execute.ts';
import { GraphqlSyntaxError, parseGraphql } from './parse.ts';

const asked: JsonObject[] = [];
const types = {
  Query: { test: 'Test', mlflowGetRun: 'MlflowGetRunResponse', broken: 'Test' },
  Test: { output: 'String' },
  MlflowGetRunResponse: { run: 'MlflowRun', apiError: 'ApiError', more: '[MlflowTag]' },
  ApiError: { message: 'String' },
  MlflowRun: { info: 'MlflowInfo', tags: '[MlflowTag]', experiment: 'MlflowExperiment', status: 'Name' },
  MlflowInfo: { runId: 'String', name: 'String', endTime: 'Long' },
  MlflowTag: { key: 'String', size: 'Float', isDir: 'Boolean' },
  MlflowExperiment: { name: 'String' },
};

const roots = {
  test: async ({ inputString = null }: JsonObject) => ({ output: inputString }),
  mlflowGetRun: async (input: JsonObject) => {
    asked.push(input);
    return {
      run: {
        info: { runId: 'r' },
        tags: [{ key: 'a' }, { key: 'b' }],
        experiment: async () => ({ name: 'e' }),
      },
    };
  },
  broken: async () => {
    throw new Error('No such run');
  },
};

async function run(
  query: string,
  more: { operationName?: string; variables?: JsonObject } = {},
): Promise<GraphqlResponse> {
  return executeGraphql({ query, ...more }, { types, roots });
}

test('an answer is cut to what the query selects', async () => {
  const query = `
    # what a page asks
    query page($id: String!, $other: Int = 3) @component(name: "Test") {
      mlflowGetRun(input: { runId: $id, list: [1, true, null, NAME, $other] }) {
        __typename
        run { ...parts ... on MlflowRun { experiment { name } } __typename }
      }
    }
    fragment parts on MlflowRun { info { id: runId } tags { key } }`;
  expect(await run(query, { variables: { id: 'r' } })).toEqual({
    data: {
      mlflowGetRun: {
        __typename: 'MlflowGetRunResponse',
        run: {
          info: { id: 'r' },
          tags: [{ key: 'a' }, { key: 'b' }],
          experiment: { name: 'e' },
          __typename: 'MlflowRun',
        },
      },
    },
    errors: null,
  });
  expect(asked).toEqual([{ input: { runId: 'r', list: [1, true, null, 'NAME', 3] } }]);
});

test('a member that an answer does not have is empty as its type is', async () => {
  const query =
    '{ mlflowGetRun { run { info { name endTime } tags { key size isDir } status } apiError { message } more { key } } }';
  const tag = { size: 0, isDir: false };
  expect(await run(query)).toEqual({
    data: {
      mlflowGetRun: {
        run: {
          info: { name: '', endTime: '0' },
          tags: [
            { key: 'a', ...tag },
            { key: 'b', ...tag },
          ],
          status: null,
        },
        apiError: null,
        more: [],
      },
    },
    errors: null,
  });
});

test.each([
  ['{ mlflowGetRun { run { constructor } } }', "Cannot query field 'constructor' on type 'MlflowRun'."],
  ['mutation m { nothing }', "Cannot query field 'nothing' on type 'Mutation'."],
  ['{ mlflowGetRun { run } }', "Field 'run' of type 'MlflowRun' must have a selection of subfields."],
  [
    '{ test { output { x } } }',
    "Field 'output' must not have a selection since type 'String' has no subfields.",
  ],
  [
    '{ mlflowGetRun { ...a } } fragment a on X { run { tags { none } } }',
    "Cannot query field 'none' on type 'MlflowTag'.",
  ],
])('%s does not fit the types, and nothing runs', async (query, message) => {
  asked.length = 0;
  expect(await run(query)).toEqual({ data: null, errors: [message] });
  expect(asked).toEqual([]);
});

test('one operation is chosen by its name', async () => {
  const query = 'query a { test(inputString: "a\\u00e9") { output } } query b { test { output } __typename }';
  expect(await run(query, { operationName: 'a' })).toEqual({
    data: { test: { output: 'aé' } },
    errors: null,
  });
  expect(await run(query, { operationName: 'b' })).toEqual({
    data: { test: { output: null }, __typename: 'Query' },
    errors: null,
  });
  expect(await run(query)).toMatchObject({ data: null, errors: [expect.stringContaining('operation name')] });
  expect(await run(query, { operationName: 'c' })).toEqual({
    data: null,
    errors: ["Unknown operation named 'c'."],
  });
});

test('a failure is an error beside the other answers', async () => {
  expect(await run('{ broken { output } test { output } }')).toEqual({
    data: { broken: null, test: { output: null } },
    errors: ['No such run'],
  });
  expect(await run('{ constructor }')).toMatchObject({ data: null });
});

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_item, index) => text(index)).join(' ');

test.each([
  [
    'root fields',
    `{ ${times(12, (i) => `k${i}: test { output }`)} }`,
    'GraphQL queries should have at most 10 root fields',
  ],
  [
    'aliases',
    `{ mlflowGetRun { ${times(12, (i) => `k${i}: run { x }`)} } }`,
    'GraphQL queries should have at most 10 aliases',
  ],
  [
    'aliases in fragments',
    `{ mlflowGetRun { ...a ...b } } fragment a on X { ${times(6, (i) => `a${i}: run`)} } fragment b on X { ${times(6, (i) => `b${i}: run`)} }`,
    'GraphQL queries should have at most 10 aliases',
  ],
  ['depth', `{ mlflowGetRun ${'{ name '.repeat(12)}${'}'.repeat(12)} }`, 'Query exceeds maximum depth of 10'],
  [
    'selections',
    `{ mlflowGetRun { ${times(1002, (i) => `f${i}`)} } }`,
    'Query exceeds maximum total selections of 1000',
  ],
  [
    'fragments that unfold',
    `{ mlflowGetRun { ...f0 } } ${times(12, (i) => `fragment f${i} on X { ...f${i + 1} ...f${i + 1} ...f${i + 1} run }`)}`,
    'Query exceeds maximum total selections of 1000',
  ],
])('too many %s are refused before anything runs', async (_what, query, message) => {
  asked.length = 0;
  expect(await run(query)).toEqual({ data: null, errors: [expect.stringContaining(message)] });
  expect(asked).toEqual([]);
});

test('fragments that contain each other end', async () => {
  const query =
    '{ mlflowGetRun { ...a } } fragment a on X { run { info { runId } } ...b } fragment b on X { ...a }';
  expect(await run(query)).toMatchObject({ data: { mlflowGetRun: { run: { info: { runId: 'r' } } } } });
});

test.each([
  '{',
  '{ }',
  '{ a(b: ) }',
  '{ a(: 1) }',
  'subscription { a }',
  '{ a } }',
  '{ a ^ }',
  '{ a(b: "x) }',
  '('.repeat(200),
  `{ a(b: ${'['.repeat(200)}) }`,
])('refuses %s', async (query) => {
  expect(() => parseGraphql(query)).toThrow(GraphqlSyntaxError);
  expect(await run(query)).toMatchObject({ data: null, errors: [expect.any(String)] });
});

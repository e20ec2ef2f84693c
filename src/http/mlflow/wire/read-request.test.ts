import { expect, test } from 'vitest';
import { readInput, type SentRequest } from './read-request.ts';

const fields = {
  name: { type: 'string', required: true },
  run_id: { type: 'string', alsoCalled: 'run_uuid' },
  step: { type: 'int64' },
  max_results: { type: 'int32', maximum: 1000 },
  value: { type: 'double' },
  flag: { type: 'bool' },
  status: { type: 'enum', values: ['RUNNING', 'SCHEDULED', 'FINISHED'] },
  ids: { type: 'string', repeated: true },
  metrics: {
    type: 'message',
    repeated: true,
    fields: { key: { type: 'string', required: true }, timestamp: { type: 'int64', required: true } },
  },
} as const;

function read(sent: Partial<SentRequest>): Record<string, unknown> {
  return readInput(
    { fields },
    { method: 'POST', contentType: 'application/json', query: {}, params: {}, body: '', ...sent },
  );
}

function posted(body: string): Record<string, unknown> {
  return read({ body });
}

test('absent fields are undefined, absent lists empty, unknown fields gone', () => {
  expect(posted('{"name": "a", "foo": 1, "step": null}')).toEqual({
    name: 'a',
    run_id: undefined,
    step: undefined,
    max_results: undefined,
    value: undefined,
    flag: undefined,
    status: undefined,
    ids: [],
    metrics: [],
  });
});

test.each([
  ['"step": 5', { step: 5 }],
  ['"step": "5"', { step: 5 }],
  ['"step": 5.0', { step: 5 }],
  ['"step": 9223372036854775807', { step: 9223372036854775807n }],
  ['"step": "-9223372036854775808"', { step: -9223372036854775808n }],
  ['"value": 1', { value: 1 }],
  ['"value": "1.5e3"', { value: 1500 }],
  ['"value": "NaN"', { value: Number.NaN }],
  ['"value": NaN', { value: Number.NaN }],
  ['"value": "-Infinity"', { value: -Infinity }],
  ['"flag": true', { flag: true }],
  ['"status": "FINISHED"', { status: 'FINISHED' }],
  ['"status": 3', { status: 'FINISHED' }],
  ['"run_uuid": "r"', { run_id: 'r' }],
  ['"ids": ["a", "b"]', { ids: ['a', 'b'] }],
  ['"metrics": [{"key": "m", "timestamp": "7"}]', { metrics: [{ key: 'm', timestamp: 7 }] }],
])('takes %s', (member, expected) => {
  expect(posted(`{"name": "a", ${member}}`)).toMatchObject(expected);
});

const seeDocs = 'See the API docs for more information about request parameters.';

test.each([
  ['{}', `Missing value for required parameter 'name'. ${seeDocs}`],
  ['{"name": ""}', `Missing value for required parameter 'name'. ${seeDocs}`],
  ['null', `Missing value for required parameter 'name'. ${seeDocs}`],
  ['{"name": null}', `Missing value for required parameter 'name'. ${seeDocs}`],
  [
    '{"name": 123}',
    `Invalid value 123 for parameter 'name' supplied:  Hint: Value was of type 'int'. ${seeDocs}`,
  ],
  [
    '{"name": 9.0}',
    `Invalid value 9.0 for parameter 'name' supplied:  Hint: Value was of type 'float'. ${seeDocs}`,
  ],
  [
    '{"name": {"b": 1, "a": []}}',
    `Invalid value {"a":[],"b":1} for parameter 'name' supplied:  Hint: Value was of type 'dict'. ${seeDocs}`,
  ],
  [
    '{"name": "a", "step": "x"}',
    "Invalid value \"x\" for parameter 'step' supplied:  Hint: Value was of type 'str'.",
  ],
  [
    '{"name": "a", "step": 1.5}',
    "Invalid value 1.5 for parameter 'step' supplied:  Hint: Value was of type 'float'.",
  ],
  ['{"name": "a", "step": 9223372036854775808}', "Invalid value 9223372036854775808 for parameter 'step'"],
  [
    '{"name": "a", "step": true}',
    "Invalid value true for parameter 'step' supplied:  Hint: Value was of type 'bool'.",
  ],
  ['{"name": "a", "value": "abc"}', 'Invalid value "abc" for parameter \'value\''],
  [
    '{"name": "a", "max_results": 1001}',
    "Invalid value 1001 for parameter 'max_results' supplied:  Hint: Value was of type 'int'.",
  ],
  ['{"name": "a", "status": "BOGUS"}', 'Invalid value "BOGUS" for parameter \'status\''],
  [
    '{"name": "a", "ids": "x"}',
    "Invalid value \"x\" for parameter 'ids' supplied:  Hint: Value was of type 'str'.",
  ],
  ['{"name": "a", "ids": ["a", 1]}', 'Invalid value ["a",1] for parameter \'ids\' supplied'],
  ['{"name": "a", "metrics": [1]}', "Invalid value 1 for parameter 'metrics[0]'"],
  [
    '{"name": "a", "metrics": [{"key": "m", "timestamp": 1}, {"key": "m"}]}',
    `Missing value for required parameter 'metrics[1].timestamp'. ${seeDocs}`,
  ],
  ['not json', 'Bad Request. The body must be a JSON object.'],
  ['[1]', 'Bad Request. The body must be a JSON object.'],
])('refuses %s', (body, message) => {
  expect(() => posted(body)).toThrow(message);
});

test('a body that was encoded twice is decoded twice', () => {
  expect(posted(JSON.stringify('{"name": "a"}'))).toMatchObject({ name: 'a' });
  expect(() => posted(JSON.stringify('{"name": 1.0}'))).toThrow('Invalid value 1.0');
});

test('a body that is a JSON string has the limits of a body', () => {
  const many = `{"name": "a", "ids": [${'{},'.repeat(20_000)}{}]}`;
  for (const text of [many, many.replace('{}]', 'NaN]')])
    expect(() => posted(JSON.stringify(text))).toThrow('body must have at most 20000 values');
  expect(() => posted(JSON.stringify(`{"name": ${'['.repeat(201)}${']'.repeat(201)}}`))).toThrow(
    'body must not nest lists and objects deeper than 200',
  );
});

test('an empty body is an empty object', () => {
  expect(() => posted('')).toThrow("Missing value for required parameter 'name'");
});

test('a query gives texts, and a list from one occurrence', () => {
  const query = { name: 'a', ids: 'x', step: '3', flag: 'true', max_results: '9' };
  expect(read({ method: 'GET', query })).toMatchObject({
    name: 'a',
    ids: ['x'],
    step: 3,
    flag: true,
    max_results: 9,
  });
  expect(() => read({ method: 'GET', query: { name: 'a', max_results: '1001' } })).toThrow(
    "Invalid value \"1001\" for parameter 'max_results' supplied:  Hint: Value was of type 'str'.",
  );
});

test('a DELETE whose body was dropped on the way is read from its query; a POST is not', () => {
  expect(read({ method: 'DELETE', query: { name: 'a' } })).toMatchObject({ name: 'a' });
  expect(read({ method: 'DELETE', body: '{"name": "b"}', query: { name: 'a' } })).toMatchObject({
    name: 'b',
  });
  expect(() => read({ query: { name: 'a' } })).toThrow("Missing value for required parameter 'name'");
});

test('a parameter of the path counts before the body', () => {
  expect(read({ body: '{"name": "b"}', params: { name: 'a' } })).toMatchObject({ name: 'a' });
});

test.each([
  [undefined, 'Bad Request. Content-Type header is missing.'],
  ['text/plain', "Bad Request. Content-Type must be one of ['application/json']."],
  ['application/jsonx', "Bad Request. Content-Type must be one of ['application/json']."],
])('a POST of type %s is refused', (contentType, message) => {
  expect(() => read({ contentType, body: '{"name": "a"}' })).toThrow(message);
});

test('a charset is allowed', () => {
  expect(read({ contentType: 'application/json; charset=utf-8', body: '{"name": "a"}' })).toMatchObject({
    name: 'a',
  });
});

test.each([
  ['"maxResults": 7', { max_results: 7 }],
  ['"runId": "r"', { run_id: 'r' }],
  ['"runUuid": "r"', { run_id: 'r' }],
  ['"runId": null, "run_uuid": "r"', { run_id: 'r' }],
  ['"max_results": 7, "maxResults": 8', { max_results: 7 }],
  ['"max_Results": 7', { max_results: undefined }],
  [
    '"nestedList": [{"innerKey": "k", "deepOne": {"deepTwo": 5}}]',
    { nested_list: [{ inner_key: 'k', deep_one: { deep_two: 5 } }] },
  ],
])('a body may have the JSON name of a field: %s', (members, expected) => {
  const nested = {
    nested_list: {
      type: 'message',
      repeated: true,
      fields: {
        inner_key: { type: 'string', required: true },
        deep_one: { type: 'message', fields: { deep_two: { type: 'int64' } } },
      },
    },
  } as const;
  const sent = { method: 'POST', contentType: 'application/json', query: {}, params: {} };
  const input = readInput(
    { fields: { ...fields, ...nested } },
    { ...sent, body: `{"name": "a", ${members}}` },
  );
  expect(input).toMatchObject(expected);
});

test('a value that is wrong is named by its field and quoted from where it was sent', () => {
  expect(() => posted('{"name": "a", "maxResults": 1001}')).toThrow(
    "Invalid value 1001 for parameter 'max_results'",
  );
  expect(() => posted('{"name": "a", "runUuid": 9.0}')).toThrow("Invalid value 9.0 for parameter 'run_id'");
});

test('a query has the names of the fields only', () => {
  const query = { name: 'a', maxResults: '5' };
  expect(read({ method: 'GET', query })).toMatchObject({ max_results: undefined });
  expect(read({ method: 'GET', body: '{"name": "a", "maxResults": 5}' })).toMatchObject({ max_results: 5 });
});

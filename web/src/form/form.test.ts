import { expect, test } from 'vitest';
import { type JsonObject, titleOf } from '../../../src/client/index.ts';
import { allowedOf, draftOf, fieldNamed, localTime, readDraft, visibleProblems } from './draft.ts';
import { type NumberField, readFields } from './fields.ts';
import { arrange, segmentsOf, widgetOf } from './widgets.ts';

const fieldsOf = (properties: JsonObject, required: readonly string[] = []) =>
  readFields({ type: 'object', properties, required });

const onlyField = (schema: JsonObject, required = true) => {
  const [field] = fieldsOf({ value: schema }, required ? ['value'] : []);
  if (!field) throw new Error('no field was read');
  return field;
};

const read = (schema: JsonObject, text: string, required = true) =>
  readDraft([onlyField(schema, required)], { value: text });

test.each([
  ['few choices', { enum: ['bat', 'field'] }, 'segments'],
  ['a union of constants', { anyOf: [{ const: 1 }, { const: 2 }] }, 'segments'],
  ['a few long choices', { enum: ['United Arab Emirates', 'Papua New Guinea', 'Netherlands'] }, 'select'],
  ['many choices', { enum: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'select'],
  ['a choice or null', { anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'null' }] }, 'segments'],
  ['a small whole range', { type: 'integer', minimum: 0, maximum: 10 }, 'segments'],
  ['a larger whole range', { type: 'integer', minimum: 0, maximum: 11 }, 'slider'],
  ['a decimal range', { type: 'number', minimum: 0, maximum: 20 }, 'slider'],
  ['a huge range', { type: 'integer', minimum: 0, maximum: 10_000_000 }, 'input'],
  [
    'a safe integer',
    { type: 'integer', minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
    'input',
  ],
  ['a yes or no', { type: 'boolean' }, 'switch'],
  ['a text', { type: 'string', examples: ['Eden Gardens'] }, 'input'],
  ['a list', { type: 'array' }, 'json'],
  ['a union of objects', { anyOf: [{ type: 'object' }, { type: 'string' }] }, 'json'],
])('%s is shown as the right control', (_what, schema, widget) => {
  expect(widgetOf(onlyField(schema))).toBe(widget);
});

test('reads every kind of value back as it was', () => {
  const fields = fieldsOf({
    team: { enum: ['India', 'Nepal'] },
    overs: { type: 'number', minimum: 0, maximum: 20 },
    chasing: { type: 'boolean' },
    toss: { anyOf: [{ const: 1 }, { const: 2 }] },
    venue: { type: 'string' },
    last: { type: 'array' },
  });
  const request = { team: 'Nepal', overs: 12.5, chasing: true, toss: 2, venue: 'Kirtipur', last: [1, 2] };
  expect(readDraft(fields, draftOf(fields, request))).toEqual({ request, problems: undefined });
});

test('what is not given is left out where it may be, null where it must be said, a problem otherwise', () => {
  const number = { type: 'number' };
  expect(read(number, '', false).request).toEqual({});
  expect(read({ ...number, default: 3 }, '').request).toEqual({});
  expect(read({ anyOf: [number, { type: 'null' }] }, '').request).toEqual({ value: null });
  expect(read(number, ' ').problems).toEqual({ value: 'This is needed.' });
});

test.each([
  [{ type: 'integer', minimum: 0, maximum: 10 }, '11', 'Must be a whole number from 0 to 10'],
  [{ type: 'integer', minimum: 0 }, '1.5', 'Must be a whole number of 0 or more'],
  [{ type: 'number', exclusiveMinimum: 0 }, '0', 'Must be a number above 0'],
  [{ type: 'number', maximum: 5 }, '6', 'Must be a number up to 5'],
  [{ type: 'number', multipleOf: 0.5 }, '0.7', 'Must be a multiple of 0.5'],
  [{ type: 'number' }, 'many', 'Must be a number'],
  [{ enum: ['a', 'b'] }, 'c', 'Choose one of the list.'],
  [{ type: 'string', minLength: 3 }, 'ab', 'Must have at least 3 characters'],
  [{ type: 'string', pattern: '^[A-Z]+$' }, 'ab', 'This must look like ^[A-Z]+$.'],
  [{ type: 'array' }, '[1,', 'This is not JSON.'],
])('%j refuses %s in words', (schema, text, problem) => {
  expect(read(schema, text).problems).toEqual({ value: problem });
});

test('a step of a tenth takes 0.3, which is no exact multiple in binary', () => {
  expect(read({ type: 'number', multipleOf: 0.1 }, '0.3').request).toEqual({ value: 0.3 });
});

test('says both open bounds', () => {
  const field = onlyField({ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }) as NumberField;
  expect(allowedOf(field)).toBe('a number above 0 and below 1');
});

test('a choice that may be left out has a segment for that', () => {
  expect(segmentsOf(onlyField({ enum: ['a', 'b'] }, false)).map(({ text }) => text)).toEqual([
    'none',
    'a',
    'b',
  ]);
  expect(segmentsOf(onlyField({ enum: ['a', 'b'] })).map(({ text }) => text)).toEqual(['a', 'b']);
});

test('a yes or no that may be left open is a choice of three, otherwise a switch', () => {
  const open = onlyField({ type: 'boolean' }, false);
  expect(segmentsOf(open).map(({ text }) => text)).toEqual(['none', 'Yes', 'No']);
  expect(readDraft([open], { value: 'false' }).request).toEqual({ value: false });
  expect(onlyField({ type: 'boolean', default: true }, false).kind).toBe('switch');
});

test('puts two short fields in a line and never half a line alone', () => {
  const many = { enum: ['a', 'b', 'c', 'd', 'e', 'f'] };
  const fields = fieldsOf({
    batting: many,
    bowling: many,
    venue: many,
    wickets: { type: 'integer', minimum: 0, maximum: 9 },
  });
  expect(arrange(fields).map(({ wide }) => wide)).toEqual([false, false, true, true]);
});

test('finds the field that a path names', () => {
  const fields = fieldsOf({ overs: { type: 'number' }, 'a.b': { type: 'number' } });
  expect(
    ['overs', 'request.overs', '/overs', 'a.b', 'runs'].map((path) => fieldNamed(fields, path)?.name),
  ).toEqual(['overs', 'overs', 'overs', 'a.b', undefined]);
});

test('makes words of a name', () => {
  expect(['lastFiveOvers', 'last_five', 'runs'].map(titleOf)).toEqual([
    'Last five overs',
    'Last five',
    'Runs',
  ]);
});

test('a local date and time is sent as the moment that it is where the reader is', () => {
  const [field] = readFields({
    type: 'object',
    properties: { at: { type: 'string', format: 'date-time' } },
    required: ['at'],
  });
  const at = field && readDraft([field], { at: '2026-01-31T12:30' }).request?.['at'];
  expect(at).toMatch(/^2026-0[12]-\d{2}T\d{2}:\d{2}:00\.000Z$/);
  expect(Date.parse(at as string)).toBe(new Date(2026, 0, 31, 12, 30).getTime());
});

test.each([
  [new Date(2026, 0, 31, 12, 30).toISOString(), '2026-01-31T12:30'],
  [new Date(2026, 6, 31, 12, 30, 5).toISOString(), '2026-07-31T12:30:05'],
  [new Date(2026, 6, 31, 12, 30, 0, 250).toISOString(), '2026-07-31T12:30:00.250'],
  [new Date(2026, 0, 31, 12, 30).toISOString().replace('Z', '+00:00'), '2026-01-31T12:30'],
  ['2026-01-31T12:30', '2026-01-31T12:30'],
  ['soonZ', 'soonZ'],
])('a date-time input shows %s as %s', (text, local) => {
  expect(localTime(text)).toBe(local);
});

test('a date and time with a zone is sent unchanged', () => {
  const text = '2026-01-31T12:30:00+05:45';
  expect(read({ type: 'string', format: 'date-time' }, text).request).toEqual({ value: text });
});

test('an empty field is no problem until the user empties it', () => {
  const problems = { runs: 'Give a number.', overs: 'Give a number.', wickets: 'At most 10.' };
  const draft = { runs: '', overs: '', wickets: '11' };
  expect(visibleProblems(problems, draft, new Set())).toEqual({ wickets: 'At most 10.' });
  expect(visibleProblems(problems, draft, new Set(['runs']))).toEqual({
    runs: 'Give a number.',
    wickets: 'At most 10.',
  });
});

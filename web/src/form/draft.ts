import { type Json, type JsonObject, recordValue } from '../../../src/client/index.ts';
import { type Field, type NumberField, type TextField, textOf } from './fields.ts';

/** The form's values as text, by field, empty for a missing one; also the page's query. */
export type Draft = Readonly<Record<string, string>>;

/** What is wrong, by field. */
export type Problems = Readonly<Record<string, string>>;

export function draftOf(fields: readonly Field[], request: JsonObject): Draft {
  return Object.fromEntries(
    fields.map((field) => {
      const value =
        recordValue(request, field.name) ?? field.fallback ?? (field.kind === 'switch' ? false : null);
      return [field.name, value === null ? '' : textOf(value)];
    }),
  );
}

export type Reading =
  | { readonly request: JsonObject; readonly problems: undefined }
  | { readonly request: undefined; readonly problems: Problems };

/** The request of a draft, or its problems. */
export function readDraft(fields: readonly Field[], draft: Draft): Reading {
  const request: Record<string, Json> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const entry = readEntry(field, recordValue(draft, field.name) ?? '');
    if ('problem' in entry) problems[field.name] = entry.problem;
    else if (entry.value !== undefined) request[field.name] = entry.value;
  }
  return Object.keys(problems).length > 0
    ? { request: undefined, problems }
    : { request, problems: undefined };
}

type Entry = { readonly value: Json | undefined } | { readonly problem: string };

function readEntry(field: Field, text: string): Entry {
  if (text.trim() === '') return readNothing(field);
  switch (field.kind) {
    case 'choice': {
      const option = field.options.find((candidate) => candidate.key === text);
      return option ? { value: option.value } : { problem: 'Choose one of the list.' };
    }
    case 'switch':
      return { value: text === 'true' };
    case 'number':
      return readNumber(field, text);
    case 'text':
      return readText(field, text);
    case 'json':
      return readJson(text);
  }
}

/** Whether an empty field is a problem. */
export function isNeeded(field: Field): boolean {
  return field.required && !field.nullable;
}

function readNothing(field: Field): Entry {
  if (!field.required) return { value: undefined };
  if (!isNeeded(field)) return { value: null };
  return { problem: field.kind === 'choice' ? 'Choose one.' : 'This is needed.' };
}

function readNumber(field: NumberField, text: string): Entry {
  const value = Number(text);
  if (!Number.isFinite(value))
    return { problem: field.whole ? 'Must be a whole number' : 'Must be a number' };
  const { minimum, maximum, step } = field;
  const tooLow = minimum !== undefined && (field.above ? value <= minimum : value < minimum);
  const tooHigh = maximum !== undefined && (field.below ? value >= maximum : value > maximum);
  const offStep = step !== undefined && Math.abs(value / step - Math.round(value / step)) > 1e-9;
  return tooLow || tooHigh || offStep ? { problem: `Must be ${allowedOf(field)}` } : { value };
}

/** 'a whole number from 0 to 10', 'a number above 0', 'a multiple of 0.5 up to 20'. */
export function allowedOf(field: NumberField): string {
  const { minimum, maximum, step, whole } = field;
  const kind =
    step !== undefined && step !== 1 ? `a multiple of ${step}` : whole ? 'a whole number' : 'a number';
  const from = minimum === undefined ? '' : field.above ? ` above ${minimum}` : ` from ${minimum}`;
  const to =
    maximum === undefined
      ? ''
      : field.below
        ? ` below ${maximum}`
        : from
          ? ` to ${maximum}`
          : ` up to ${maximum}`;
  if (from !== '' && to === '' && !field.above) return `${kind} of ${minimum} or more`;
  return kind + from + (field.above && field.below ? ' and' : '') + to;
}

function readText(field: TextField, text: string): Entry {
  const { minLength, maxLength, pattern } = field;
  if (minLength !== undefined && text.length < minLength)
    return { problem: `Must have at least ${minLength} characters` };
  if (maxLength !== undefined && text.length > maxLength)
    return { problem: `Must have at most ${maxLength} characters` };
  if (pattern !== undefined && !matches(pattern, text)) return { problem: `This must look like ${pattern}.` };
  return { value: field.input === 'datetime-local' ? withZone(text) : text };
}

/** The server checks a pattern that this browser cannot read. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

const zone = /(?:Z|[+-]\d\d:?\d\d)$/i;

/** The reader's wall clock as the moment that the server expects. A text with a zone is sent unchanged. */
function withZone(text: string): string {
  if (zone.test(text)) return text;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

/** The moment by the reader's wall clock: a date-time input shows no text that has a zone. */
export function localTime(text: string): string {
  const at = new Date(text);
  if (!zone.test(text) || Number.isNaN(at.getTime())) return text;
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().replace(/(?:(?::00)?\.000)?Z$/, '');
}

function readJson(text: string): Entry {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return { problem: 'This is not JSON.' };
  }
}

/** The field that the server names, by itself or by a path: 'overs', 'request.overs', 'body/overs'. */
export function fieldNamed(fields: readonly Field[], path: string): Field | undefined {
  const parts = path.split(/[./[\]]+/);
  return fields.find(({ name }) => path === name) ?? fields.find(({ name }) => parts.includes(name));
}

/** The problems to show before the form is submitted: not those of empty fields, unless the user emptied them. */
export function visibleProblems(problems: Problems, draft: Draft, edited: ReadonlySet<string>): Problems {
  return Object.fromEntries(
    Object.entries(problems).filter(([name]) => recordValue(draft, name) !== '' || edited.has(name)),
  );
}

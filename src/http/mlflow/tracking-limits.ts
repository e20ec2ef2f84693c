import { posix } from 'node:path';
import type { KeyValue, LoggedPoint } from '../../tracking/model.ts';
import { mlflowError } from './wire/errors.ts';
import { pythonFloat } from './wire/format-python.ts';
import { wrongValue } from './wire/read-request.ts';

const keyLength = 250;
const paramLength = 6000;
const tagLength = 8000;
/** As many as MLflow's own tables take. */
const userLength = 256;
/** Limit of a tag that is set, as in MLflow; a new experiment may have longer ones. */
const experimentTagLength = 5000;
const newExperimentTagLength = 20_000;
const experimentNameLength = 500;

const nameCharacters = /^[/\p{L}\p{N}_.\- :]*$/u;
const charactersHint =
  'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).';

/** MLflow's limits of lengths count characters, not UTF-16 units. */
export function isLonger(text: string, limit: number): boolean {
  // No character has more than two units: a text of megabytes need not be counted.
  return text.length > 2 * limit || (text.length > limit && Array.from(text).length > limit);
}

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkLength(name: string, text: string, limit: number): void {
  if (isLonger(text, limit))
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `'${name}' exceeds the maximum length of ${limit} characters`,
    );
}

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkExperimentName(name: string): void {
  if (name.trim() === '') throw mlflowError('INVALID_PARAMETER_VALUE', `Invalid experiment name: '${name}'`);
  checkLength('name', name, experimentNameLength);
}

/** @param path of the metric in the request: 'metrics[0].', '' if the request is the metric. @throws MlflowError */
export function checkPoint({ key, value, timestamp }: LoggedPoint, path: string): void {
  checkKey(key, `${path}name`);
  checkLength('Metric name', key, keyLength);
  if (timestamp >= 0) return;
  const hint = `metric '${key}' (value=${pythonFloat(value)}). Timestamp must be a nonnegative long (64-bit integer) `;
  throw wrongValue(`${path}timestamp`, { lexeme: String(timestamp) }, hint);
}

/** @returns the param, its value cut off if it is too long. @throws MlflowError */
export function checkedParam({ key, value }: KeyValue, path: string): KeyValue {
  checkKey(key, `${path}key`);
  checkLength('Param key', key, keyLength);
  return { key, value: cutTo(value, paramLength) };
}

/** @returns the tag, its value cut off if it is too long. @throws MlflowError */
export function checkedTag({ key, value }: KeyValue, path: string): KeyValue {
  checkKey(key, `${path}key`);
  checkLength(`${path}key`, key, keyLength);
  return { key, value: cutTo(value, tagLength) };
}

/** The name of a run as its tag can hold it: what is too long is cut off. */
export function checkedRunName(name: string): string {
  return cutTo(name, tagLength);
}

/** @throws MlflowError */
export function checkUser(user: string): void {
  checkLength('user_id', user, userLength);
}

/** @throws MlflowError */
export function checkExperimentTag({ key, value }: KeyValue): void {
  checkKey(key, 'key');
  checkLength('key', key, keyLength);
  checkLength('value', value, experimentTagLength);
}

/** @param path of the tag in the request: 'tags[0].'. @throws MlflowError */
export function checkNewExperimentTag({ key, value }: KeyValue, path: string): void {
  checkKey(key, `${path}key`);
  checkLength(`${path}key`, key, keyLength);
  checkLength(`${path}value`, value, newExperimentTagLength);
}

/**
 * An int64 of a request as a number. Refuses numbers beyond 2^53, which would lose digits.
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function exactInteger(name: string, value: number | bigint): number {
  if (typeof value === 'number') return value;
  const most = Number.MAX_SAFE_INTEGER;
  throw wrongValue(name, { lexeme: String(value) }, ` It must be from -${most} to ${most}.`);
}

/** @throws MlflowError INVALID_PARAMETER_VALUE for an id that is not an integer */
export function checkedExperimentId(text: string): string {
  if (/^-?\d+$/.test(text)) return text;
  throw mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid experiment ID '${text}'. Experiment ID must be a valid integer.`,
  );
}

/**
 * Checks the key of a tag, param or metric: allowed characters, and not a path with another meaning. The caller checks its
 * length.
 * @throws MlflowError
 */
export function checkKey(key: string, field: string): void {
  if (!nameCharacters.test(key)) throw wrongValue(field, key, charactersHint);
  // The time of `normalize` grows with the square of the segments.
  if (isLonger(key, keyLength)) return;
  const resolved = posix.normalize(key).replace(/(?<=.)\/$/, '');
  if (resolved === key && key !== '.' && !key.startsWith('..') && !key.startsWith('/')) return;
  const hint = `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${resolved}'`;
  throw wrongValue(field, key, hint);
}

/** The first characters of a text, each of which may be two UTF-16 units. */
function cutTo(text: string, limit: number): string {
  return text.length > limit
    ? Array.from(text.slice(0, 2 * limit))
        .slice(0, limit)
        .join('')
    : text;
}

import { existsSync, readFileSync } from 'node:fs';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import type { MlflowResponse, OpenMlflow } from './testing.fixture.ts';

/** An exchange with a server of MLflow 3.12.0, as it was recorded. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: Json;
  readonly status: number;
  readonly response: Json;
}

export interface Replayed {
  readonly title: string;
  readonly expected: { readonly status: number; readonly body: Json };
  readonly actual: { readonly status: number; readonly body: Json };
}

const recording = new URL('../../../../shared/reference/mlflow/golden.jsonl', import.meta.url);

/** The recorded exchanges in their order; none where the recording is not beside this checkout. */
export function recordedExchanges(): readonly Exchange[] {
  if (!existsSync(recording)) return [];
  const lines = readFileSync(recording, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Exchange);
}

/** Sends the exchanges one after the other; ids that the server made take the place of the recorded ones from then on. */
export async function replay(
  exchanges: readonly Exchange[],
  send: OpenMlflow['send'],
): Promise<readonly Replayed[]> {
  const ids = new Map<string, string>();
  const replayed: Replayed[] = [];
  for (const [index, exchange] of exchanges.entries()) {
    const { method, path, body, status, response } = exchange;
    const sent = body === undefined ? undefined : withIds(body, ids);
    const received = await send({
      method,
      path: withIds(path, ids),
      text: typeof sent === 'string' ? sent : JSON.stringify(sent),
      contentType: typeOf(exchange),
    });
    learnIds(response, bodyOf(received), ids);
    replayed.push({
      title: `${index} ${method} ${path.slice(0, 100)}`,
      expected: { status, body: normal(withIds(response, ids)) },
      actual: { status: received.status, body: normal(bodyOf(received)) },
    });
  }
  return replayed;
}

/** The recorder sent the one body that is a text of JSON as plain text, to be refused, and files as bytes. */
function typeOf({ method, body, status }: Exchange): string {
  if (method === 'PUT') return 'application/octet-stream';
  return typeof body === 'string' && status === 400 && body.startsWith('{')
    ? 'text/plain'
    : 'application/json';
}

function bodyOf(response: MlflowResponse): Json {
  return Object.keys(response.body).length > 0 || response.text === '{}' ? response.body : response.text;
}

function withIds<Value extends Json>(value: Value, ids: ReadonlyMap<string, string>): Value {
  let text = JSON.stringify(value);
  for (const [recorded, ours] of ids) text = text.replaceAll(recorded, ours);
  return JSON.parse(text) as Value;
}

const madeIds = ['run_id', 'model_id', 'webhook_id'];

function learnIds(recorded: Json, ours: Json, ids: Map<string, string>): void {
  if (!isJsonObject(recorded) || !isJsonObject(ours)) return;
  for (const [name, value] of Object.entries(recorded)) {
    const our = ours[name];
    if (madeIds.includes(name) && typeof value === 'string' && typeof our === 'string' && value.length > 20)
      ids.set(value, our);
    if (our !== undefined) learnIds(value, our, ids);
  }
}

const unordered = ['tags', 'params', 'metrics', 'latest_versions', 'model_versions'];

/** What does not depend on the clock, on the order of Python's sets, or on the order of what has none. */
function normal(value: Json, name = ''): Json {
  if (typeof value === 'number' && value > 1_500_000_000_000) return 'a time';
  if (typeof value === 'string')
    return name === 'message' ? value.replaceAll(/\{('[^{}]*')\}/g, sortedSet) : value;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => normal(item));
    return unordered.includes(name)
      ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, normal(part, key)]));
}

function sortedSet(_whole: string, inside: string): string {
  return `{${inside.split(', ').toSorted().join(', ')}}`;
}

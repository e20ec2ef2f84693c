import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { PredictionView } from '../../api/views.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { defineCommand } from '../command.ts';
import type { Connection } from '../connection.ts';
import { paint, type Terminal } from '../terminal.ts';

export const predict = defineCommand({
  name: 'predict',
  summary: 'ask the live version for a prediction',
  needs: 'project',
  arguments: {
    endpoint: { kind: 'required', help: 'the model to ask' },
    request: { kind: 'optional', help: "the request as JSON (default: the endpoint's example)" },
  },
  options: { file: { kind: 'text', value: 'path', help: 'a file with the request, - for standard input' } },
  examples: [
    'modelyard predict t20-score',
    `modelyard predict t20-score '{"runs": 98, …}'`,
    `modelyard predict t20-score --json '{"runs": 98, …}' | jq .value`,
    'cat request.json | modelyard predict t20-score --file -',
  ],
  async run({ endpoint, request, file }, context) {
    const given = parseRequest(
      file === undefined ? request : await readText(file),
      file === undefined ? 'request' : '--file',
    );
    await using connection = await context.connect();
    const prediction = await connection.operations.predict({
      endpoint,
      request: given ?? (await example(endpoint, connection)),
    });
    context.result(prediction, () => predictionText(prediction, context.terminal));
    return 0;
  },
});

async function example(endpoint: string, { operations }: Connection): Promise<JsonObject> {
  const { examples, request } = await operations.getEndpoint({ endpoint });
  if (examples[0]) return examples[0];
  throw new PlatformError('INPUT_INVALID', {
    field: 'request',
    value: undefined,
    remedy: `Give a request as JSON with the fields ${Object.keys((request['properties'] ?? {}) as object).join(', ')}.`,
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await (path === '-' ? text(process.stdin) : readFile(path, 'utf8'));
  } catch (cause) {
    throw new PlatformError(
      'INPUT_INVALID',
      { field: '--file', value: path, remedy: 'must be a readable file, or - for standard input' },
      { cause },
    );
  }
}

function parseRequest(given: string | undefined, field: string): JsonObject | undefined {
  if (given === undefined) return undefined;
  try {
    return JSON.parse(given) as JsonObject;
  } catch (cause) {
    throw new PlatformError(
      'INPUT_INVALID',
      { field, value: given, remedy: 'must be a JSON object, in single quotes in a shell' },
      { cause },
    );
  }
}

function predictionText(prediction: PredictionView, terminal: Terminal): string {
  const { value, unit, interval, baseline, contributions, id } = prediction;
  const strongest = contributions.filter(({ contribution }) => Math.abs(contribution) >= 0.005);
  return [
    `${paint(rounded(value), 'bold', terminal)}${unit ? ` ${unit}` : ''}, and ${rounded(interval.level * 100)} in 100 between ${rounded(interval.low)} and ${rounded(interval.high)}`,
    ...strongest.map(
      ({ title, value: given, contribution }) =>
        `  ${title.padEnd(28)} ${(given === null ? 'missing' : rounded(given)).padStart(8)}  ${signed(contribution)}`,
    ),
    `  from ${rounded(baseline)} when nothing is known`,
    `${prediction.model} version ${prediction.version}, prediction ${id}`,
  ].join('\n');
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) >= 100 ? 0 : 1);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}

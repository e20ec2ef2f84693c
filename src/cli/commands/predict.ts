import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { PlatformError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { formatNames } from '../../kernel/format-names.ts';
import type { ValueSchema } from '../../kernel/schema-rule.ts';
import { defineCommand } from '../command.ts';
import type { Connection } from '../connection.ts';
import { formatPrediction } from '../output/format-prediction.ts';
import { askedReading, readingOptions } from '../reading-options.ts';

export const predict = defineCommand({
  name: 'predict',
  summary: 'predict with the live version: a request, or the rows of a file',
  needs: 'project',
  arguments: {
    endpoint: { kind: 'required', help: 'the name of a model' },
    request: {
      kind: 'optional',
      help: "a request as JSON, or a list of them (default: the endpoint's example)",
    },
  },
  options: {
    file: { kind: 'text', value: 'path', help: 'a file with the request, - for standard input' },
    csv: {
      kind: 'text',
      value: 'path',
      help: 'a CSV file of which every row is predicted, - for standard input',
    },
    out: {
      kind: 'text',
      value: 'path',
      help: 'the file for the rows with their predictions (default: standard output)',
    },
    ...readingOptions,
    explain: { kind: 'flag', help: 'also print how much each field of the request moved the prediction' },
    features: { kind: 'flag', help: 'with --explain: each feature instead of each field' },
  },
  examples: [
    'modelyard predict t20-score',
    `modelyard predict t20-score '{"runs": 98, …}'`,
    `modelyard predict t20-score --json '{"runs": 98, …}' | jq .prediction`,
    'modelyard predict t20-score --explain',
    'modelyard predict t20-score --csv coming.csv --out predicted.csv',
    "modelyard predict t20-score --csv coming.csv.gz --delimiter ';' --decimal , --dates played=D/M/Y",
    'cat request.json | modelyard predict t20-score --file -',
  ],
  async run({ endpoint, request, file, csv, out, explain, features, ...asked }, context) {
    const reading = askedReading(asked);
    if (csv !== undefined) {
      refuseBeside(
        { request, '--file': file, '--explain': explain || undefined, '--features': features || undefined },
        csv,
      );
      const { predictFile } = await import('../jobs/predict-file.ts');
      return predictFile({ endpoint, csv, out: out ?? '-', reading }, context);
    }
    if (out !== undefined) throw withoutCsv('--out', out);
    const [stray] = Object.entries(reading);
    if (stray) throw withoutCsv(`--${stray[0]}`, stray[1]);
    if (features && !explain) throw featuresWithoutExplain();
    const given = parseRequest(
      file === undefined ? request : await readText(file),
      file === undefined ? 'request' : '--file',
    );
    await using connection = await context.connect();
    const sent = given ?? (await example(endpoint, connection));
    if (given === undefined && !context.terminal.quiet)
      context.terminal.err(
        `note: no request given: predicting the example of the schema, ${JSON.stringify(sent)}\n`,
      );
    const predicted = await connection.operations.predict({
      endpoint,
      request: sent,
      ...(explain && { explain }),
    });
    context.result(predicted, () =>
      [predicted]
        .flat()
        .map((prediction) => formatPrediction(prediction, context.terminal, { byFeature: features }))
        .join('\n\n'),
    );
    return 0;
  },
});

function refuseBeside(others: Readonly<Record<string, unknown>>, csv: string): void {
  const [given] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (given === undefined) return;
  throw new PlatformError('CONFIG_INVALID', {
    field: given,
    value: `--csv ${csv}`,
    remedy: `Leave out ${given}: with --csv, the rows of the file are the requests.`,
  });
}

function withoutCsv(field: string, value: unknown): PlatformError {
  const remedy = 'Name the file to predict with --csv; one prediction goes to standard output.';
  return new PlatformError('CONFIG_INVALID', { field, value, remedy });
}

function featuresWithoutExplain(): PlatformError {
  const remedy = 'Add --explain: the features are part of the explanation.';
  return new PlatformError('CONFIG_INVALID', { field: '--features', value: true, remedy });
}

async function example(endpoint: string, { operations }: Connection): Promise<JsonObject> {
  const { examples, request } = await operations.getEndpoint({ endpoint });
  if (examples[0]) return examples[0];
  throw new PlatformError('INPUT_INVALID', {
    field: 'request',
    value: undefined,
    remedy: `Give a request as JSON with ${formatFields(request)}.`,
  });
}

/** 'the fields size, town; optional: garden' */
function formatFields(described: JsonObject): string {
  const { properties = {}, required = [] } = described as Pick<ValueSchema, 'properties' | 'required'>;
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  if (required.length === 0) return `any of the fields ${formatNames(optional)}`;
  const others = optional.length > 0 ? `; optional: ${formatNames(optional)}` : '';
  return `the fields ${formatNames(required)}${others}`;
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

/** One request, or a list of them. */
type Requests = JsonObject | readonly JsonObject[];

function parseRequest(given: string | undefined, field: string): Requests | undefined {
  if (given === undefined) return undefined;
  try {
    return JSON.parse(given) as Requests;
  } catch (cause) {
    throw new PlatformError(
      'INPUT_INVALID',
      { field, value: given, remedy: 'must be a JSON object or a list of them, in single quotes in a shell' },
      { cause },
    );
  }
}

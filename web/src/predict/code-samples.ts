import type { JsonObject } from '../../../src/client/index.ts';

export interface SampleRequest {
  /** 'http://127.0.0.1:4310' */
  readonly origin: string;
  readonly endpoint: string;
  readonly request: JsonObject;
}

export interface Sample {
  readonly language: 'curl' | 'Python' | 'TypeScript';
  readonly text: string;
}

/** The same request in three languages, ready to paste. */
export function codeSamples(request: SampleRequest): readonly Sample[] {
  return [
    { language: 'curl', text: curl(request) },
    { language: 'Python', text: python(request) },
    { language: 'TypeScript', text: typescript(request) },
  ];
}

function curl({ origin, endpoint, request }: SampleRequest): string {
  const body = JSON.stringify(request, undefined, 2).replaceAll("'", `'\\''`);
  return `curl ${addressOf(origin, endpoint)} \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`;
}

function python({ origin, endpoint, request }: SampleRequest): string {
  return [
    'import requests',
    '',
    `response = requests.post("${addressOf(origin, endpoint)}", json=${pythonValue(request)})`,
    'response.raise_for_status()',
    'print(response.json()["prediction"])',
  ].join('\n');
}

function typescript({ origin, endpoint, request }: SampleRequest): string {
  const fields = JSON.stringify(request, undefined, 2).replace(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:');
  return [
    "import { createClient } from 'modelyard/client';",
    '',
    `const client = createClient(${JSON.stringify(origin)});`,
    'const { prediction, predictionId } = await client.predict({',
    `  endpoint: ${JSON.stringify(endpoint)},`,
    `  request: ${fields.replaceAll('\n', '\n  ')},`,
    '});',
  ].join('\n');
}

function addressOf(origin: string, endpoint: string): string {
  return `${origin}/predict/${encodeURIComponent(endpoint)}`;
}

/** JSON is Python except for three literals; the same words in strings must not change. */
function pythonValue(request: JsonObject): string {
  const literals: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: 'None' };
  return JSON.stringify(request, undefined, 4).replace(
    /"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g,
    (part) => literals[part] ?? part,
  );
}

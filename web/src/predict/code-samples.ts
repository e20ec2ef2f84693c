import type { JsonObject } from '../../../src/client/index.ts';

export interface Asked {
  /** 'http://127.0.0.1:4310' */
  readonly origin: string;
  readonly endpoint: string;
  readonly request: JsonObject;
}

export interface Sample {
  readonly language: 'curl' | 'Python' | 'TypeScript';
  readonly text: string;
}

/** The same prediction asked from elsewhere, ready to paste. */
export function codeSamples(asked: Asked): readonly Sample[] {
  return [
    { language: 'curl', text: curl(asked) },
    { language: 'Python', text: python(asked) },
    { language: 'TypeScript', text: typescript(asked) },
  ];
}

function curl({ origin, endpoint, request }: Asked): string {
  const body = JSON.stringify(request, undefined, 2).replaceAll("'", `'\\''`);
  return `curl ${addressOf(origin, endpoint)} \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`;
}

function python({ origin, endpoint, request }: Asked): string {
  return [
    'import requests',
    '',
    `answer = requests.post("${addressOf(origin, endpoint)}", json=${pythonValue(request)})`,
    'answer.raise_for_status()',
    'print(answer.json()["value"])',
  ].join('\n');
}

function typescript({ origin, endpoint, request }: Asked): string {
  const fields = JSON.stringify(request, undefined, 2).replace(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:');
  return [
    "import { createClient } from 'modelyard/client';",
    '',
    `const client = createClient(${JSON.stringify(origin)});`,
    'const { value, interval } = await client.predict({',
    `  endpoint: ${JSON.stringify(endpoint)},`,
    `  request: ${fields.replaceAll('\n', '\n  ')},`,
    '});',
  ].join('\n');
}

function addressOf(origin: string, endpoint: string): string {
  return `${origin}/predict/${encodeURIComponent(endpoint)}`;
}

/** JSON text is Python but for three words, which must not be changed inside of strings. */
function pythonValue(request: JsonObject): string {
  const words: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: 'None' };
  return JSON.stringify(request, undefined, 4).replace(
    /"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g,
    (part) => words[part] ?? part,
  );
}

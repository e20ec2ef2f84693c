import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobView } from '../../src/api/job-views.ts';
import type {
  EndpointView,
  ExplainView,
  PredictionView,
  ProjectView,
  RunPageView,
  RunRow,
  ServerEvent,
} from '../../src/api/views.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { titleOf } from '../../src/kernel/title.ts';
import { runReport } from './web.reports.ts';
import { heldFirst, longForm } from './web.forms.ts';
import { tableDetails, tableViews } from './web.tables.ts';
import {
  endpointView,
  explainView,
  features,
  hex,
  problem,
  projectView,
  type RunKind,
  runRow,
  runView,
  times,
} from './web.data.ts';

const pages = fileURLToPath(new URL('../../dist/web', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
};

export type Scenario =
  | 'well'
  | 'running'
  | 'failed'
  | 'empty'
  | 'problem'
  | 'many'
  | 'real'
  | 'old'
  | 'classes'
  | 'yesNo'
  | 'forecasts'
  | 'tiny'
  | 'long'
  | 'held';

export interface WebFixture {
  readonly url: string;
  /** Every request for a page, a file or an operation, 'GET /path'. */
  readonly requests: string[];
  /** The bodies of prediction requests. */
  readonly asked: JsonObject[];
  readonly project: () => ProjectView;
  /** Sends an event to every listening page. */
  say(event: ServerEvent): void;
  close(): Promise<void>;
}

const noRun: readonly [] = [];

/** The built pages with a server that responds as ours does, with invented figures. */
export async function startWeb(scenario: Scenario): Promise<WebFixture> {
  if (!existsSync(join(pages, 'index.html'))) throw new Error('The pages are not built: npm run build.');
  const now = Date.now();
  const runs = runsOf(scenario, now);
  const state = { project: projectOf(scenario, runs, now) };
  const listeners = new Set<ServerResponse>();
  const requests: string[] = [];
  const asked: JsonObject[] = [];
  const predictions = new Map<string, ExplainView['prediction']>();

  const operation = async (path: string, request: IncomingMessage): Promise<readonly [number, unknown]> => {
    const url = new URL(path, 'http://localhost');
    const [, , resource, name = '', member, table] = url.pathname.split('/').map(decodeURIComponent);
    if (url.pathname.startsWith('/predict/'))
      return predict(await bodyOf(request), url.searchParams.get('explain') === 'true');
    if (resource === 'caller') return [200, { name: null, roles: null, canSignOut: false }];
    if (resource === 'experiments') return [200, { experiments: [], next: null }];
    if (resource === 'projects' && name === '') return [200, [state.project]];
    if (resource === 'projects' && name !== 't20-score')
      return notFound('PROJECT_NOT_FOUND', 'project', name);
    if (resource === 'projects' && member === undefined) return [200, state.project];
    if (resource === 'projects' && member === 'tables') return tables(table);
    if (resource === 'projects' && request.method === 'POST') return [202, unchangedJob('queued')];
    if (resource === 'runs' && member === 'job') return [200, unchangedJob('finished')];
    if (resource === 'projects') return [200, runPage(runs, url.searchParams)];
    if (resource === 'endpoints' && member === 'batches') return [200, []];
    if (resource === 'endpoints') return [200, endpointOf(scenario, now)];
    if (resource === 'runs') {
      const row = runs.find(({ id }) => id === name);
      if (row && member === 'report') return [200, runReport(row, scenario)];
      return row ? [200, runView(row)] : notFound('RUN_NOT_FOUND', 'run', name);
    }
    const prediction = predictions.get(name);
    return prediction
      ? [200, explainView(prediction, now)]
      : notFound('PREDICTION_NOT_FOUND', 'prediction', name);
  };

  const tables = (id: string | undefined): readonly [number, unknown] => {
    const kind = scenario === 'empty' ? 'empty' : scenario === 'many' ? 'wide' : 'full';
    if (id === undefined) return [200, { tables: tableViews(kind === 'empty') }];
    return id.endsWith('.rows') ? [200, tableDetails(kind, id)] : notFound('BLOB_NOT_FOUND', 'table', id);
  };

  const predict = (request: JsonObject, explain: boolean): readonly [number, unknown] => {
    asked.push(request);
    if (request['battingTeam'] === request['bowlingTeam']) {
      const detail = {
        field: 'bowlingTeam',
        value: request['bowlingTeam'],
        remedy: 'A team does not bowl to itself: choose another.',
      };
      return [400, { error: { code: 'INPUT_INVALID', message: 'bad input', detail } }];
    }
    const prediction = predictionFor(request, predictions.size);
    const given = Object.entries(request).map(([name, value]) => ({
      name,
      title: titleOf(name),
      unit: null,
      form: 'amount' as const,
      value,
    }));
    predictions.set(prediction.predictionId, { ...prediction, at: Date.now(), request, given });
    const { explanation: _explanation, ...plain } = prediction;
    return [200, explain ? prediction : plain];
  };

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push(`${request.method} ${path}`);
    if (path.endsWith('/events')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
    } else if (path.startsWith('/api/') || path.startsWith('/predict/')) {
      void operation(path, request).then(([status, body]) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      );
    } else void sendFile(path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    asked,
    project: () => state.project,
    say(event) {
      if (event.type === 'task') {
        const tasks = state.project.tasks.map((task) => (task.task === event.task.task ? event.task : task));
        state.project = { ...state.project, tasks };
      }
      for (const listener of listeners) listener.write(`data: ${JSON.stringify(event)}\n\n`);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function endpointOf(scenario: Scenario, now: number): EndpointView {
  const isLive = scenario !== 'empty' && scenario !== 'held';
  const view = endpointView(isLive ? 7 : null, now);
  return scenario === 'long' ? { ...view, ...longForm } : view;
}

function runsOf(scenario: Scenario, now: number): readonly RunRow[] {
  if (scenario === 'empty') return noRun;
  const latest: RunKind = scenario === 'running' ? 'running' : scenario === 'failed' ? 'failed' : 'done';
  const count = scenario === 'many' ? 10_000 : 9;
  const kinds = Array.from({ length: count }, (_none, index): RunKind =>
    index === 0 ? latest : index % 4 === 2 ? 'failed' : 'done',
  );
  let version = kinds.filter((kind) => kind === 'done').length;
  const last = version;
  return kinds.map((kind, index) => {
    const startedAt = now - index * times.day - (kind === 'running' ? 14_000 : 40 * times.minute);
    return runRow({ n: count - index, kind, version: kind === 'done' ? version-- : null, last }, startedAt);
  });
}

const allDone = Array.from({ length: 9 }, () => 'done' as const);

function projectOf(scenario: Scenario, runs: readonly RunRow[], now: number): ProjectView {
  const active = scenario === 'running' ? (runs[0] ?? null) : null;
  const options = {
    versions: { empty: 0, many: 10_000, held: 1 }[scenario as string] ?? 7,
    active,
    simulated: scenario === 'real' ? [] : ['matches'],
    states: {
      empty: [],
      running: ['done', 'hit', 'hit', 'hit', 'done', 'running'] as const,
      failed: [
        'done',
        'hit',
        'failed',
        'skipped',
        'skipped',
        'skipped',
        'skipped',
        'skipped',
        'skipped',
      ] as const,
      well: allDone,
      problem: Array.from({ length: 9 }, () => 'hit' as const),
      many: allDone,
      real: allDone,
      old: allDone,
      classes: allDone,
      yesNo: allDone,
      forecasts: allDone,
      tiny: allDone,
      long: allDone,
      held: allDone,
    }[scenario],
  };
  const view = scenario === 'held' ? heldFirst(projectView(options, now)) : projectView(options, now);
  return scenario === 'problem' ? { ...view, problem } : view;
}

function runPage(runs: readonly RunRow[], query: URLSearchParams): RunPageView {
  const after = query.get('after');
  const from = after === null ? 0 : runs.findIndex(({ id }) => id === after) + 1;
  const page = runs.slice(from, from + Number(query.get('limit') ?? 20));
  return { runs: page, next: from + page.length < runs.length ? (page.at(-1)?.id ?? null) : null };
}

/** The job of a run that has nothing to do. */
function unchangedJob(status: 'queued' | 'finished'): JobView {
  const isFinished = status === 'finished';
  return {
    id: '0123456789abcdef0123456789abcdef',
    project: 't20-score',
    target: null,
    trigger: { kind: 'person' },
    why: 'you',
    status,
    queuedAt: 1,
    startedAt: isFinished ? 2 : null,
    endedAt: isFinished ? 3 : null,
    attempt: 1,
    resumes: null,
    resumedBy: null,
    cancelRequested: false,
    outcome: isFinished ? { run: null, tasks: [], verdicts: [] } : null,
    error: null,
  };
}

/** A plain formula that changes as a person would expect, with contributions that sum to the value. */
function predictionFor(request: JsonObject, n: number): PredictionView {
  const number = (name: string): number => Number(request[name] ?? 0);
  const effects = [
    (number('runs') / Math.max(1, number('overs'))) * 6.2 - 39,
    (12 - number('overs')) * 0.4,
    number('runs') / 30 - 1,
    (3 - number('wickets')) * 3.4 - 2.1,
    number('lastFiveRuns') / 4 - 6.4,
    lengthOf(request['battingTeam']) / 2 - 1.4,
    3 - lengthOf(request['bowlingTeam']) / 3,
    request['venue'] === undefined ? 0 : -1.3,
    -0.4,
    0.1,
  ];
  const baseline = 154.2;
  const value = baseline + effects.reduce((sum, effect) => sum + effect, 0);
  const contributions = features
    .map(([feature, title], index) => ({
      feature,
      title,
      value:
        index === 7 && request['venue'] === undefined
          ? null
          : number(['overs', 'runs', 'wickets'][index % 3] ?? 'runs'),
      contribution: effects[index] ?? 0,
    }))
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return {
    predictionId: `01983f5e-7c1a-7${hex(n + 1, 3)}-8${hex(n + 2, 3)}-${hex(n + 3, 12)}`,
    endpoint: 't20-score',
    model: 't20-score',
    version: 7,
    kind: 'number',
    prediction: value,
    unit: 'runs',
    interval: { low: value - 17.4, high: value + 18.1, level: 0.8 },
    explanation: { scale: 'target', baseline, contributions },
    cached: false,
    warnings: [],
  };
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

function notFound(code: string, field: string, value: string): readonly [number, unknown] {
  const detail = { field, value, remedy: 'See the list for those that there are.' };
  return [404, { error: { code, message: `no such ${field}`, detail } }];
}

async function bodyOf(request: IncomingMessage): Promise<JsonObject> {
  let text = '';
  for await (const part of request) text += String(part);
  return JSON.parse(text) as JsonObject;
}

/** A file of the build; every other address is a page. */
async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const name = normalize(new URL(path, 'http://localhost').pathname);
  const file = extname(name) === '' ? '/index.html' : name;
  const bytes = await readFile(join(pages, file)).catch(() => undefined);
  if (bytes)
    response
      .writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
      .end(bytes);
  else response.writeHead(404).end();
}

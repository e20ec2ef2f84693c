import { digestOf } from '../../src/kernel/digest.ts';
import type { GateFacts, Decision } from '../../src/registry/gate.ts';
import type {
  EndpointView,
  ExplainView,
  VerdictView,
  MetricView,
  ModelView,
  ProjectView,
  RunRow,
  RunView,
  TaskStatus,
  TaskView,
  VersionView,
} from '../../src/api/views.ts';
import { seenOf } from './web.tables.ts';

/** Invented figures in the shape of the T20 example. */
const minute = 60_000;
const day = 24 * 60 * minute;
export const hex = (seed: number, length = 64): string => digestOf(String(seed)).slice(0, length);

const adjectives = ['brisk', 'calm', 'swift', 'quiet', 'bold', 'keen', 'mellow', 'sharp', 'steady'];
const animals = ['heron', 'otter', 'lark', 'elm', 'fox', 'wren', 'hare', 'finch', 'stoat', 'ibis', 'crane'];
const nameOf = (n: number): string => `${adjectives[n % adjectives.length]}-${animals[n % animals.length]}`;

const metricsOf = (mae: number): readonly MetricView[] => [
  { name: 'mae', title: 'MAE', value: mae, unit: 'runs', better: 'lower' },
  { name: 'rmse', title: 'RMSE', value: mae * 1.37, unit: 'runs', better: 'lower' },
  { name: 'r2', title: 'R²', value: 1.02 - mae / 42, unit: null, better: 'higher' },
];

interface Numbered {
  readonly version: number;
  readonly mae: number;
  readonly promoted: boolean;
}

function verdictOf({ version, mae, promoted }: Numbered, now: number): VerdictView {
  const before = mae + (promoted ? 0.31 : -0.28);
  const decision: Decision = promoted
    ? { kind: 'promote', because: 'better', metric: 'mae', gain: 0.31 }
    : { kind: 'hold', because: 'not-better', metric: 'mae', gain: -0.28 };
  const facts: GateFacts = {
    rule: { alias: 'prod', when: { metric: 'mae', better: 'lower', by: 0 }, atLeast: { r2: 0.5 } },
    candidate: { version, metrics: { mae, rmse: mae * 1.37, r2: 1.02 - mae / 42 } },
    champion: { version: version - 1, metrics: { mae: before, rmse: before * 1.37, r2: 1.02 - before / 42 } },
    baseline: null,
    leftOut: 0,
    testRows: 12_480,
    testData: hex(version),
  };
  const summary = promoted
    ? `promoted: MAE is 0.31 runs lower than version ${version - 1}`
    : `held: MAE is 0.28 runs higher than version ${version - 1}`;
  return {
    id: version,
    model: 't20-score',
    version,
    alias: 'prod',
    decision,
    summary,
    command: `modelyard models promote t20-score ${version}`,
    facts,
    decidedAt: now,
  };
}

function numbered(version: number, last: number): Numbered {
  const promoted = version === last || version % 3 === 1;
  return {
    version,
    mae: 15.9 + (last - version) * 0.24 * (last > 100 ? 0.002 : 1) + (promoted ? 0 : 0.5),
    promoted,
  };
}

function versionOf(version: number, last: number, now: number): VersionView {
  const facts = numbered(version, last);
  const createdAt = now - (last - version + 3) * day;
  return {
    model: 't20-score',
    version,
    aliases: version === last ? ['prod'] : [],
    runId: hex(version, 32),
    runName: nameOf(version),
    folder: hex(version + 5),
    createdAt,
    metrics: metricsOf(facts.mae),
    testData: hex(1),
    verdict: verdictOf(facts, createdAt),
  };
}

function modelView(last: number, now: number): ModelView {
  const versions = Array.from({ length: last }, (_none, index) => versionOf(last - index, last, now));
  return {
    name: 't20-score',
    title: 'T20 first-innings score',
    description: null,
    alias: 'prod',
    rule: 'a lower MAE, and R² of at least 0.5',
    live: versions[0] ?? null,
    problem: null,
    versions,
    versionCount: versions.length,
    warnings: [],
    history: versions[0]
      ? [
          {
            model: 't20-score',
            alias: 'prod',
            from: last - 1,
            to: last,
            by: 'gate',
            movedAt: versions[0].createdAt,
            why: '',
          },
        ]
      : [],
  };
}

const graph: readonly (readonly [
  task: string,
  label: string,
  operation: string,
  needs: readonly string[],
  summary: string,
])[] = [
  ['matches.fetch', 'fetch', 'fetch', [], '400 files, 31.4 MB'],
  ['matches', 'matches', 'read', ['matches.fetch'], '91,412 balls'],
  ['innings', 'innings', 'step', ['matches'], '46,214 rows'],
  ['t20-score.split', 'split', 'split', ['innings'], '36,971 train, 9,243 test'],
  ['t20-score.features', 'features', 'features', ['t20-score.split'], '14 features'],
  ['t20-score.search', 'search', 'search', ['t20-score.features'], '30 trials, best MAE 14.2'],
  ['t20-score.train', 'train', 'train', ['t20-score.features', 't20-score.search'], '212 trees'],
  ['t20-score.evaluate', 'evaluate', 'evaluate', ['t20-score.features', 't20-score.train'], 'MAE 15.9 runs'],
  ['t20-score.gate', 'gate', 'gate', ['t20-score.evaluate'], 'promoted'],
];

const took = [900, 2100, 6400, 350, 1800, 21_300, 4200, 640, 30];

/** The tasks of a run, the first ones with `states`; the others wait. */
function tasksOf(states: readonly TaskStatus[], startedAt: number): readonly TaskView[] {
  let at = startedAt;
  return graph.map(([task, label, operation, needs, summary], index) => {
    const status = states[index] ?? 'waiting';
    const ran = status === 'done' || status === 'failed';
    const begun = ran || status === 'running';
    const from = at;
    if (ran) at += took[index] ?? 0;
    const [first = ''] = task.split('.');
    return {
      task,
      label,
      operation,
      description: `What ${operation} does.`,
      declared: {
        kind: first === 'matches' ? 'source' : first === 'innings' ? 'step' : 'model',
        name: first,
      },
      needs,
      status,
      startedAt: begun ? from : null,
      endedAt: ran ? at : null,
      progress:
        status === 'running' && operation === 'search' ? { done: 11, total: 30, what: 'trials' } : null,
      summary: ran || status === 'hit' ? (status === 'failed' ? null : summary) : null,
      error: status === 'failed' ? userError : null,
    };
  });
}

const userError = {
  code: 'USER_CODE_FAILED',
  message:
    'the project code failed: innings.ts:42 is "TypeError: Cannot read properties of undefined (reading \'overs\')". Mend ballByBall in steps.ts, line 42: the innings of match 1187 has no overs.',
  detail: { field: 'innings.ts:42', value: 'TypeError', remedy: 'Mend ballByBall in steps.ts, line 42.' },
} as const;

export const problem = {
  code: 'PROJECT_INVALID',
  message:
    'bad project file: modelyard.config.ts:23 is "finalScor". The rows have no column finalScor. Did you mean finalScore?',
  detail: { field: 'modelyard.config.ts:23', value: 'finalScor', remedy: 'Did you mean finalScore?' },
} as const;

export type RunKind = 'done' | 'failed' | 'running';

function modelRun(version: number, last: number, at: number): RunRow['models'][number] {
  const facts = numbered(version, last);
  return {
    model: 't20-score',
    runId: hex(version, 32),
    version,
    metrics: metricsOf(facts.mae),
    testData: hex(1),
    verdict: verdictOf(facts, at),
    notJudged: null,
    warnings: [],
  };
}

export interface RunFacts {
  /** The run's number; later runs have larger numbers. */
  readonly n: number;
  readonly kind: RunKind;
  /** The version that it made; undefined if it failed or has not ended. */
  readonly version: number | null;
  readonly last: number;
}

export function runRow({ n, kind, version, last }: RunFacts, startedAt: number): RunRow {
  return {
    id: hex(n, 32),
    name: nameOf(n),
    project: 't20-score',
    status: kind === 'running' ? 'RUNNING' : kind === 'failed' ? 'FAILED' : 'FINISHED',
    startedAt,
    endedAt: kind === 'running' ? null : startedAt + (kind === 'failed' ? 3400 : 37_700),
    why: ['schedule', 'you', 'file changed', 'start'][n % 4] ?? 'you',
    models: version === null ? [] : [modelRun(version, last, startedAt)],
    failed: kind === 'failed' ? { task: 'innings', error: userError } : null,
  };
}

export function runView(row: RunRow): RunView {
  const states: readonly TaskStatus[] =
    row.status === 'FAILED'
      ? ['done', 'hit', 'failed', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped']
      : row.status === 'RUNNING'
        ? ['done', 'done', 'done', 'done', 'done', 'running']
        : ['done', 'done', 'done', 'done', 'done', 'done', 'done', 'done', 'done'];
  const finished = row.status === 'FINISHED';
  return {
    ...row,
    moreTrials: false,
    tasks: tasksOf(states, row.startedAt),
    params: finished
      ? {
          trees: '300',
          depth: '6',
          learningRate: '0.0713',
          earlyStopping: '30',
          'split.by': 'date',
          'split.group': 'match',
        }
      : {},
    trials: finished
      ? Array.from({ length: 30 }, (_none, index) => ({
          runId: hex(index + 50, 32),
          index: index + 1,
          params: {
            learningRate: (0.01 + ((index * 37) % 29) / 100).toFixed(4),
            depth: String(3 + ((index * 5) % 6)),
          },
          metrics: { mae: 14.2 + ((index * 17) % 30) / 11, r2: 0.7 - ((index * 17) % 30) / 190 },
        }))
      : [],
    importances: finished
      ? features.map(([feature, title], index) => ({
          feature,
          title,
          share: [0.34, 0.22, 0.16, 0.11, 0.06, 0.04, 0.03, 0.02, 0.015, 0.004][index] ?? 0.001,
        }))
      : [],
  };
}

export const features: readonly (readonly [string, string])[] = [
  ['projected', 'Score at this run rate'],
  ['ballsLeft', 'Balls left'],
  ['runs', 'Runs'],
  ['wicketsLeft', 'Wickets in hand'],
  ['lastFive', 'Runs in the last five overs'],
  ['battingStrength', 'Strength of the batting team'],
  ['bowlingStrength', 'Strength of the bowling team'],
  ['venueAverage', 'Average score at the venue'],
  ['lastFiveWickets', 'Wickets in the last five overs'],
  ['powerplay', 'In the powerplay'],
];

export interface ProjectOptions {
  readonly versions: number;
  readonly states: readonly TaskStatus[];
  readonly active: RunRow | null;
  readonly simulated: readonly string[];
}

export function projectView(options: ProjectOptions, now: number): ProjectView {
  return {
    name: 't20-score',
    title: 'T20 first-innings score',
    description: 'What a team will make in its twenty overs, from any ball of the innings.',
    simulated: options.simulated,
    notices: [],
    tasks: tasksOf(options.states, options.active?.startedAt ?? now - 3 * day),
    activeRun: options.active,
    models: [modelView(options.versions, now)],
    problem: null,
  };
}

const teams = [
  'Australia',
  'Bangladesh',
  'England',
  'India',
  'Ireland',
  'New Zealand',
  'Pakistan',
  'South Africa',
  'Sri Lanka',
  'West Indies',
];

export function endpointView(version: number | null, now: number): EndpointView {
  return {
    name: 't20-score',
    model: 't20-score',
    title: 'T20 first-innings score',
    description: null,
    project: 't20-score',
    simulated: ['matches'],
    alias: 'prod',
    version,
    problem: null,
    promotedAt: version === null ? null : now - 3 * day,
    target: { name: 'finalScore', title: 'Final score', unit: 'runs', type: { kind: 'number' } },
    request: {
      type: 'object',
      required: ['battingTeam', 'bowlingTeam', 'overs', 'runs', 'wickets', 'lastFiveRuns'],
      properties: {
        battingTeam: { type: 'string', enum: teams, title: 'Batting' },
        bowlingTeam: { type: 'string', enum: teams, title: 'Bowling' },
        overs: { type: 'number', minimum: 0, maximum: 20, title: 'Overs bowled', unit: 'overs' },
        runs: { type: 'integer', minimum: 0, maximum: 300, title: 'Runs so far', unit: 'runs' },
        wickets: { type: 'integer', minimum: 0, maximum: 10, title: 'Wickets lost' },
        lastFiveRuns: {
          type: 'integer',
          minimum: 0,
          maximum: 150,
          title: 'Runs in the last five overs',
          unit: 'runs',
        },
        innings: { enum: ['day', 'day-night', 'night'], title: 'When', default: 'day' },
        dew: { type: 'boolean', title: 'Dew expected', default: false },
        venue: {
          type: 'string',
          title: 'Venue',
          maxLength: 60,
          examples: ['Eden Gardens', 'Kennington Oval', 'Melbourne Cricket Ground', 'Newlands', "Lord's"],
        },
      },
      additionalProperties: false,
    },
    examples: [
      {
        battingTeam: 'India',
        bowlingTeam: 'Australia',
        overs: 12,
        runs: 98,
        wickets: 3,
        lastFiveRuns: 44,
        innings: 'night',
        dew: true,
        venue: 'Melbourne Cricket Ground',
      },
      {
        battingTeam: 'Ireland',
        bowlingTeam: 'Pakistan',
        overs: 6,
        runs: 38,
        wickets: 2,
        lastFiveRuns: 31,
        venue: 'Malahide',
      },
    ],
    trainedOn: { rows: 36_971, groups: 320, from: '2012-03-04', to: '2019-05-28' },
    metrics: metricsOf(15.9),
    seen: seenOf(teams),
    explains: true,
    takesFiles: true,
  };
}

export function explainView(prediction: ExplainView['prediction'], now: number): ExplainView {
  const tasks = tasksOf(Array.from<TaskStatus>({ length: 8 }).fill('done'), now - 3 * day).slice(0, 8);
  return {
    prediction,
    version: versionOf(7, 7, now),
    run: runRow({ n: 7, kind: 'done', version: 7, last: 7 }, now - 3 * day),
    tasks: tasks.map(({ task, operation, description, needs, startedAt, endedAt }, index) => ({
      task,
      operation,
      description,
      key: hex(index + 3),
      startedAt: startedAt ?? now,
      endedAt: endedAt ?? now,
      code:
        operation === 'step'
          ? ['ballByBall in steps.ts']
          : operation === 'features'
            ? ['toFeatures in innings.ts']
            : [],
      outputs: [
        index === 0
          ? { name: 'files', digest: hex(11), kind: 'files', rows: null }
          : { name: 'rows', digest: hex(index + 11), kind: 'table', rows: 46_214 - index },
      ],
      needs,
    })),
    rawFiles: Array.from({ length: 400 }, (_none, index) => ({
      source: 'matches',
      name: `${1187 + index}.json`,
      digest: hex(index + 100),
      size: 71_000 + index * 37,
      from: 'simulatedMatches({"seed":1,"matches":400})',
      fetchedAt: now - 3 * day,
      etag: null,
      simulated: true,
    })),
  };
}

export const times = { minute, day };

import type { RunStatus, DatasetInput, KeyValue, Lifecycle, LoggedPoint } from '../../tracking/model.ts';
import type { Fault, MirrorTarget } from './target.ts';

/** The outcome of a request: 'lost' does the work but its response is lost. */
export type Luck = Fault['kind'] | 'lost' | undefined;

interface FakeRun {
  readonly experimentId: string;
  readonly name: string;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  /** One that is logged twice is here twice: not every server keeps it once. */
  readonly points: LoggedPoint[];
  readonly datasets: DatasetInput[];
  readonly files: Map<string, string>;
  status: RunStatus;
  endedAt: number | undefined;
  lifecycle: Lifecycle;
}

interface FakeVersion {
  readonly source: string;
  readonly runId: string | undefined;
  readonly tags: Map<string, string>;
}

/** An MLflow server in memory, which fails as a test says. */
export interface FakeServer {
  readonly target: MirrorTarget;
  readonly experiments: Map<string, { name: string; lifecycle: Lifecycle }>;
  readonly runs: Map<string, FakeRun>;
  readonly versions: Map<string, FakeVersion>;
  readonly aliases: Map<string, string>;
  /** Every request, in order: 'runs.create', 'runs.log r1 3'. */
  readonly requests: string[];
  luck: (request: string) => Luck;
  /** Whether the server fails at a param with this value. */
  failsAt: (value: string) => boolean;
}

class Unlucky extends Error {
  readonly fault: Fault;
  constructor(kind: Fault['kind'], request: string) {
    super(request);
    this.fault = kind === 'away' ? { kind, after: undefined, reason: request } : { kind, reason: request };
  }
}

export function fakeServer(): FakeServer {
  const state: Omit<FakeServer, 'target'> = {
    experiments: new Map(),
    runs: new Map(),
    versions: new Map(),
    aliases: new Map(),
    requests: [],
    luck: () => undefined,
    failsAt: () => false,
  };
  const ask = async <Result>(request: string, work: () => Result): Promise<Result> => {
    state.requests.push(request);
    const luck = server.luck(request);
    if (luck !== undefined && luck !== 'lost') throw new Unlucky(luck, request);
    const result = work();
    if (luck === 'lost') throw new Unlucky('away', request);
    return result;
  };
  const server: FakeServer = Object.assign(state, { target: targetOf(state, ask) });
  return server;
}

type Ask = <Result>(request: string, work: () => Result) => Promise<Result>;
type State = Omit<FakeServer, 'target' | 'luck'>;

function targetOf(state: State, ask: Ask): MirrorTarget {
  return {
    url: 'http://there',
    experiments: experimentsOf(state, ask),
    runs: runsOf(state, ask),
    loggedModels: {
      find: () => ask('models.find', () => undefined),
      create: () => ask('models.create', () => ({ id: 'remote-model', artifactUri: 'artifacts/model' })),
      finalize: () => ask('models.finalize', () => undefined),
      logParam: () => ask('models.logParam', () => undefined),
      setTag: () => ask('models.setTag', () => undefined),
      deleteTag: () => ask('models.deleteTag', () => undefined),
      delete: () => ask('models.delete', () => undefined),
    },
    registry: registryOf(state, ask),
    files: {
      async put(artifactUri, path, { content }) {
        const parts: Uint8Array[] = [];
        for await (const part of content) parts.push(part);
        const bytes = Buffer.concat(parts).toString();
        return ask(
          `files.put ${path}`,
          () => void runAt(state, artifactUri.replace('artifacts/', '')).files.set(path, bytes),
        );
      },
      delete: (artifactUri, path) =>
        ask(
          `files.delete ${path}`,
          () => void runAt(state, artifactUri.replace('artifacts/', '')).files.delete(path),
        ),
    },
    check: () => ask('check', () => undefined),
    faultOf: (error) => (error instanceof Unlucky ? error.fault : undefined),
    async [Symbol.asyncDispose]() {},
  };
}

function experimentsOf({ experiments }: State, ask: Ask): MirrorTarget['experiments'] {
  const at = (id: string) => experiments.get(id) ?? refuse(`no experiment ${id}`);
  return {
    find: (name) =>
      ask('experiments.find', () => [...experiments].find(([, experiment]) => experiment.name === name)?.[0]),
    create: (name) =>
      ask('experiments.create', () => {
        const id = `e${experiments.size + 1}`;
        experiments.set(id, { name, lifecycle: 'active' });
        return id;
      }),
    rename: (id, name) => ask(`experiments.rename ${name}`, () => void (at(id).name = name)),
    move: (id, to) => ask(`experiments.move ${to}`, () => void (at(id).lifecycle = to)),
    setTag: (_id, { key, value }) => ask(`experiments.setTag ${key}=${value}`, () => undefined),
    deleteTag: (_id, key) => ask(`experiments.deleteTag ${key}`, () => undefined),
  };
}

function runsOf(state: State, ask: Ask): MirrorTarget['runs'] {
  const { runs, experiments } = state;
  const remoteId = (id: string) => ({ id, artifactUri: `artifacts/${id}` });
  return {
    find: (experimentId, { key, value }) =>
      ask('runs.find', () => {
        const found = [...runs].find(
          ([, run]) => run.experimentId === experimentId && run.tags.get(key) === value,
        );
        return found && remoteId(found[0]);
      }),
    create: ({ experimentId, name, tags }) =>
      ask('runs.create', () => {
        if (experiments.get(experimentId)?.lifecycle !== 'active') refuse('deleted experiment');
        const id = `r${runs.size + 1}`;
        const run = { experimentId, name, params: new Map(), tags: mapOf(tags), points: [], datasets: [] };
        runs.set(id, {
          ...run,
          files: new Map(),
          status: 'RUNNING',
          endedAt: undefined,
          lifecycle: 'active',
        });
        return remoteId(id);
      }),
    log: (id, { metrics, params, tags }) =>
      ask(`runs.log ${id} ${metrics.length}+${params.length}+${tags.length}`, () => {
        const run = runAt(state, id);
        if (run.lifecycle !== 'active') refuse('deleted run');
        if (params.some(({ value }) => state.failsAt(value))) throw new Unlucky('failed', `runs.log ${id}`);
        for (const { key, value } of params)
          if (value === 'too long' || (run.params.get(key) ?? value) !== value) refuse(`param ${key}`);
        for (const { key, value } of params) run.params.set(key, value);
        for (const { key, value } of tags) run.tags.set(key, value);
        run.points.push(...metrics);
      }),
    async *history(id, key) {
      yield* await ask(`runs.history ${key}`, () =>
        runAt(state, id).points.filter((point) => point.key === key),
      );
    },
    deleteTag: (id, key) => ask(`runs.deleteTag ${key}`, () => void runAt(state, id).tags.delete(key)),
    end: (id, status, endedAt) =>
      ask(`runs.end ${status}`, () => void Object.assign(runAt(state, id), { status, endedAt })),
    move: (id, to) => ask(`runs.move ${to}`, () => void (runAt(state, id).lifecycle = to)),
    link: (id, { datasets }) => ask('runs.link', () => void runAt(state, id).datasets.push(...datasets)),
  };
}

function registryOf({ versions, aliases }: State, ask: Ask): MirrorTarget['registry'] {
  const nothing = (request: string) => ask(request, () => undefined);
  return {
    createModel: (name) => nothing(`createModel ${name}`),
    renameModel: (name, to) =>
      ask(`renameModel ${name} ${to}`, () => {
        for (const [key, version] of versions)
          if (key.startsWith(`${name} `)) versions.set(key.replace(name, to), version);
      }),
    describeModel: (name) => nothing(`describeModel ${name}`),
    deleteModel: (name) => nothing(`deleteModel ${name}`),
    setModelTag: (name) => nothing(`setModelTag ${name}`),
    deleteModelTag: (name) => nothing(`deleteModelTag ${name}`),
    findVersion: (model, { key, value }) =>
      ask(
        'findVersion',
        () =>
          [...versions]
            .find(([name, { tags }]) => name.startsWith(`${model} `) && tags.get(key) === value)?.[0]
            .split(' ')[1],
      ),
    createVersion: ({ model, source, runId, tags }) =>
      ask(`createVersion ${model}`, () => {
        const number = String(
          [...versions.keys()].filter((name) => name.startsWith(`${model} `)).length + 10,
        );
        versions.set(`${model} ${number}`, { source, runId, tags: mapOf(tags) });
        return number;
      }),
    describeVersion: ({ model, version }) => nothing(`describeVersion ${model} ${version}`),
    moveToStage: ({ model, version }, stage) => nothing(`moveToStage ${model} ${version} ${stage}`),
    deleteVersion: ({ model, version }) =>
      ask(`deleteVersion ${model} ${version}`, () => void versions.delete(`${model} ${version}`)),
    setVersionTag: ({ model, version }) => nothing(`setVersionTag ${model} ${version}`),
    deleteVersionTag: ({ model, version }) => nothing(`deleteVersionTag ${model} ${version}`),
    setAlias: ({ model, version }, alias) =>
      ask(`setAlias ${alias}`, () => void aliases.set(`${model}@${alias}`, version)),
    deleteAlias: (model, alias) =>
      ask(`deleteAlias ${alias}`, () => void aliases.delete(`${model}@${alias}`)),
  };
}

function runAt({ runs }: Pick<FakeServer, 'runs'>, id: string): FakeRun {
  return runs.get(id) ?? refuse(`no run ${id}`);
}

function refuse(reason: string): never {
  throw new Unlucky('refused', reason);
}

function mapOf(tags: readonly KeyValue[]): Map<string, string> {
  return new Map(tags.map(({ key, value }) => [key, value]));
}

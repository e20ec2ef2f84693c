import type { RunId } from '../../kernel/ids.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Experiment, LoggedPoint } from '../../tracking/model.ts';
import type {
  FileOwner,
  MlflowSource,
  SourceGap,
  SourceLoggedModel,
  SourceModel,
  SourceRun,
  SourceVersion,
} from './source.ts';
import type { Difference } from './tally.ts';

/** The content of a fake source. Files are texts by the id of their owner and their path. */
export interface FakeContent {
  readonly experiments?: readonly Experiment[];
  readonly runs?: readonly SourceRun[];
  readonly points?: Readonly<Record<string, readonly LoggedPoint[]>>;
  /** Points in a page. @default 2 */
  readonly pageSize?: number;
  readonly loggedModels?: readonly SourceLoggedModel[];
  readonly models?: readonly SourceModel[];
  readonly versions?: readonly SourceVersion[];
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Among the files of an owner. */
  readonly gaps?: Readonly<Record<string, SourceGap>>;
  /** Owners whose files the source cannot give, with the reason. */
  readonly unavailable?: Readonly<Record<string, string>>;
  readonly unsupported?: readonly Difference[];
}

/** Called before each read; the source fails with what it throws. */
export type OnRead = (what: string) => void;

/** A source with the given content. */
export function fakeSource(has: FakeContent, onRead: OnRead = () => {}): MlflowSource {
  const each = async function* <Item>(what: string, items: readonly Item[] = []): AsyncGenerator<Item> {
    for (const item of items) {
      onRead(what);
      yield item;
    }
  };
  return {
    name: 'http://theirs',
    experiments: () => each('experiment', has.experiments),
    runs: (id) =>
      each(
        'run',
        has.runs?.filter(({ info }) => info.experimentId === id),
      ),
    points: ({ info }) => each('points', paged(has.points?.[info.id] ?? [], has.pageSize ?? 2)),
    loggedModels: (id) =>
      each(
        'logged model',
        has.loggedModels?.filter((model) => model.experimentId === id),
      ),
    models: () => each('model', has.models),
    versions: (model) =>
      each(
        'version',
        has.versions?.filter((version) => version.model === model),
      ),
    async files(owner: FileOwner) {
      onRead('files');
      const reason = has.unavailable?.[owner.id];
      if (reason !== undefined) return { kind: 'unavailable', reason };
      const files = Object.entries(has.files?.[owner.id] ?? {}).map(([path, text]) => ({
        path,
        size: Buffer.byteLength(text),
        open: async () => each(`file ${path}`, [Buffer.from(text)]),
      }));
      const gap = has.gaps?.[owner.id];
      return { kind: 'available', files: each('file', [...files, ...(gap ? [gap] : [])]) };
    },
    unsupported: () => each('unsupported', has.unsupported),
    async [Symbol.asyncDispose]() {},
  };
}

/** The error of a server that is down. */
export function outage(): PlatformError {
  return new PlatformError('PEER_FAILED', { field: 'server', value: 'gone', remedy: 'Wait for it.' });
}

export function experiment(id: string, name: string, change: Partial<Experiment> = {}): Experiment {
  return {
    id,
    name,
    artifactLocation: `mlflow-artifacts:/${id}`,
    lifecycle: 'active',
    createdAt: 1,
    updatedAt: 2,
    tags: [],
    ...change,
  };
}

interface RunChange extends Partial<Omit<SourceRun, 'info'>> {
  readonly info?: Partial<SourceRun['info']>;
}

/** @param digit that the id is made of */
export function run(digit: string, { info, ...change }: RunChange = {}): SourceRun {
  const id = digit.repeat(32) as RunId;
  const experimentId = info?.experimentId ?? '1';
  return {
    info: {
      id,
      experimentId,
      name: `run ${digit}`,
      user: 'ann',
      status: 'FINISHED',
      startedAt: 10,
      endedAt: 20,
      artifactUri: `mlflow-artifacts:/${experimentId}/${id}/artifacts`,
      lifecycle: 'active',
      ...info,
    },
    sourceType: 'LOCAL',
    sourceName: 'train.py',
    deletedAt: undefined,
    metrics: [],
    params: [],
    tags: [],
    datasets: [],
    modelInputs: [],
    modelOutputs: [],
    ...change,
  };
}

export function loggedModel(id: string, change: Partial<SourceLoggedModel> = {}): SourceLoggedModel {
  return {
    id,
    experimentId: '1',
    name: 'lm',
    artifactUri: `mlflow-artifacts:/1/models/${id}/artifacts`,
    createdAt: 3,
    updatedAt: 4,
    status: 'READY',
    lifecycle: 'active',
    statusMessage: '',
    modelType: '',
    sourceRunId: '',
    params: [],
    tags: [],
    metrics: [],
    ...change,
  };
}

export function model(name: string, change: Partial<SourceModel> = {}): SourceModel {
  return { name, description: '', tags: {}, aliases: {}, createdAt: 5, updatedAt: 6, ...change };
}

export function version(of: string, number: number, change: Partial<SourceVersion> = {}): SourceVersion {
  return {
    model: of,
    version: number,
    source: 's3://b/m',
    storage: undefined,
    runId: undefined,
    runLink: '',
    loggedModelId: undefined,
    description: '',
    stage: 'None',
    tags: {},
    createdAt: 7,
    updatedAt: 8,
    status: 'READY',
    user: '',
    ...change,
  };
}

function paged(points: readonly LoggedPoint[], size: number): readonly (readonly LoggedPoint[])[] {
  return Array.from({ length: Math.ceil(points.length / size) }, (_, page) =>
    points.slice(page * size, (page + 1) * size),
  );
}

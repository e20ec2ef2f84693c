import type { RunId } from '../../kernel/ids.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { ExperimentRecord, LoggedPoint } from '../../tracking/record.ts';
import type {
  FileOwner,
  MlflowSource,
  SourceGap,
  SourceLoggedModel,
  SourceModel,
  SourceRest,
  SourceRun,
  SourceVersion,
} from './source.ts';

/** What a made-up source has. Files are texts by the id of their owner and their path. */
export interface MadeUp {
  readonly experiments?: readonly ExperimentRecord[];
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
  /** Owners whose files are in another place, and why. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  readonly rest?: readonly SourceRest[];
}

/** Told before each thing that is read; what it throws, the source fails with. */
export type OnRead = (what: string) => void;

/** A source of what it is given. */
export function madeUpSource(has: MadeUp, onRead: OnRead = () => {}): MlflowSource {
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
      const why = has.elsewhere?.[owner.id];
      if (why !== undefined) return { kind: 'elsewhere', why };
      const files = Object.entries(has.files?.[owner.id] ?? {}).map(([path, text]) => ({
        path,
        size: Buffer.byteLength(text),
        open: async () => each(`file ${path}`, [Buffer.from(text)]),
      }));
      const gap = has.gaps?.[owner.id];
      return { kind: 'here', files: each('file', [...files, ...(gap ? [gap] : [])]) };
    },
    rest: () => each('rest', has.rest),
    async [Symbol.asyncDispose]() {},
  };
}

/** What a server fails with when it goes away. */
export function outage(): PlatformError {
  return new PlatformError('PEER_FAILED', { field: 'server', value: 'gone', remedy: 'Wait for it.' });
}

export function experiment(
  id: string,
  name: string,
  change: Partial<ExperimentRecord> = {},
): ExperimentRecord {
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

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openFileBlobStore } from '../adapters/files/blob-store.ts';
import { openFileResultStore } from '../adapters/files/result-store.ts';
import type { Database } from '../adapters/sql/database.ts';
import { sqlRegistryStore } from '../adapters/sql/registry/registry-store.ts';
import { emptySqlite } from '../adapters/sql/empty-sqlite.fixture.ts';
import { sqlTrackingStores } from '../adapters/sql/tracking/tracking-stores.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { openClosers } from '../kernel/closers.ts';
import { type Digest, digestOf } from '../kernel/digest.ts';
import { seededRandom } from '../kernel/random.ts';
import { executeTask } from '../pipeline/execute-task.ts';
import type { Bundler, Launcher, ResultStore } from '../pipeline/ports.ts';
import { verifiedResults } from '../pipeline/verified-results.ts';
import type { TaskEvent, TaskSpec } from '../pipeline/task.ts';
import { defineProject } from '../project/define.ts';
import type { Project } from '../project/project.ts';
import type { Python } from '../project/python.ts';
import type { TrainerType } from '../project/models/trainer.ts';
import { type Features, model, type Model } from '../project/models/model.ts';
import { lower } from '../project/models/promotion.ts';
import { source } from '../project/tables/source.ts';
import { step, type StepContext } from '../project/tables/step.ts';
import { table } from '../project/tables/table.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import { asPipelineVersion, type NewModelVersion, type PipelineVersion } from '../registry/model.ts';
import { type NotifyingRegistry, notifyingRegistry } from '../registry/notifying-registry.ts';
import { csv } from '../sources/csv/csv.ts';
import type { RunId } from '../kernel/ids.ts';
import type { Run, RunInfo } from '../tracking/model.ts';
import { valuesByKey } from '../tracking/run-entries.ts';
import type { TrackingStores } from '../tracking/stores.ts';
import { folderUri } from '../tracking/artifacts/location.ts';
import { execute, type ExecuteDeps, type ExecuteOptions, type Execution } from './execute.ts';
import { operations as allOperations } from './operations/all.ts';
import { type Plan, planProject } from './plan.ts';

export const House = z.object({
  id: z.string(),
  sold: z.iso.date(),
  size: z.number().min(0),
  garden: z.boolean(),
  price: z.number().meta({ title: 'Price', unit: 'EUR' }),
});
type House = z.infer<typeof House>;

const Question = z.object({
  size: z
    .number()
    .min(0)
    .meta({ title: 'Size', unit: 'm²', examples: [80] }),
  garden: z.boolean().meta({ examples: [true] }),
});

export const toFeatures = ({ size, garden }: z.infer<typeof Question>): Features => ({
  size: size / 10,
  garden: Number(garden),
});

async function keepSound({
  in: { listings },
  out,
  params,
}: StepContext<{ listings: House }, { rows: House }, { least: number }>): Promise<void> {
  for await (const house of listings) if (house.size >= params.least) await out.rows.write([house]);
}

/** A project over a small CSV of made-up houses. @param change of its one model */
export function housesProject(change: Partial<Model> = {}, least = 20): Project {
  const listings = source('listings', csv({ from: 'houses.csv', row: House }));
  const houses = step(
    'houses',
    { in: { listings }, out: { rows: table(House) }, params: { least } },
    keepSound,
  );
  const price = model('house-price', {
    title: 'House price',
    rows: houses.out.rows,
    request: Question,
    features: toFeatures,
    target: 'price',
    split: { by: 'sold', group: 'id', test: 0.2 },
    trainer: boostedTrees({ trees: 10, depth: 3, minLeafRows: 5 }),
    metrics: ['mae', 'r2'],
    promote: { alias: 'prod', when: lower('mae') },
  });
  return defineProject('houses', { title: 'Houses', models: [{ ...price, ...change }] });
}

/** `rows` houses, each with an effect of its own of `noise` EUR at most. */
export function housesCsv(rows = 200, noise = 60_000): string {
  const random = seededRandom(7);
  const lines = Array.from({ length: rows }, (_, row) => {
    const size = 40 + Math.floor(random() * 160);
    const garden = random() < 0.4;
    const sold = new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10);
    const price = Math.round(2000 * size + (garden ? 40_000 : 0) + (random() - 0.5) * noise);
    return `${row + 1},${sold},${size},${garden},${price}`;
  });
  return `id,sold,size,garden,price\n${lines.join('\n')}\n`;
}

/** The state of a project in a temporary folder, on the real adapters; tasks are carried out in this process. */
export interface Houses extends ExecuteDeps, AsyncDisposable {
  readonly folder: string;
  /** The registry as clients of MLflow have it. */
  readonly registry: NotifyingRegistry;
  readonly database: Database;
  /** May be replaced, for one that fails. */
  tracking: TrackingStores;
  results: ResultStore;
  endPauses?: readonly number[];
  artifacts?: ExecuteDeps['artifacts'] & object;
  bundler: Bundler;
  /** @default tasks run without Python */
  python?: Python;
  readonly loadCode: <Value>(bundle: Digest) => Promise<Value>;
  /** Tasks in the order in which they were launched. */
  readonly launched: TaskSpec[];
  /** Awaited before a task is carried out; what it throws the task throws. */
  before: (spec: TaskSpec, signal: AbortSignal, onEvent: (event: TaskEvent) => void) => Promise<void>;
  run(project: Project, options?: Partial<ExecuteOptions>): Promise<Execution>;
}

export async function openHouses({
  text = housesCsv(),
  operations = allOperations,
}: { readonly text?: string; readonly operations?: Plan['operations'] } = {}): Promise<Houses> {
  const closers = openClosers();
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-houses-'));
  closers.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await writeFile(join(folder, 'houses.csv'), text);
  const blobs = closers.add(await openFileBlobStore(join(folder, 'blobs')));
  const database = closers.add(await emptySqlite());
  const { bundler, loadCode } = inProcessCode(blobs);
  const launched: TaskSpec[] = [];
  let time = Date.UTC(2026, 0, 1);
  const now = (): number => (time += 1);
  const launcher: Launcher = {
    async launch(spec, { onEvent, signal }) {
      launched.push(spec);
      await houses.before(spec, signal, onEvent);
      signal.throwIfAborted();
      const { python } = houses;
      const deps = { operations, blobs, loadCode, projectFolder: folder, emit: onEvent, now, secret: String };
      return executeTask(spec, { ...deps, ...(python && { python }) });
    },
  };
  const houses: Houses = {
    folder,
    blobs,
    results: verifiedResults(await openFileResultStore(join(folder, 'results')), blobs),
    tracking: sqlTrackingStores(database),
    registry: notifyingRegistry(sqlRegistryStore(database)),
    database,
    bundler,
    loadCode,
    launcher,
    launched,
    before: async () => {},
    now,
    random: seededRandom(1),
    concurrency: 2,
    async run(project, options = {}) {
      const observer = { began() {}, changed() {}, event() {} };
      const signal = new AbortController().signal;
      const plan = await planProject(project, houses.bundler, operations);
      return execute(plan, { why: 'test', signal, observer, ...options }, houses);
    },
    [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose](),
  };
  return houses;
}

/** A run with its fields and logged values by name. */
export interface RecordedRun extends RunInfo {
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
}

export async function runsNestedIn(
  { tracking }: Pick<Houses, 'tracking'>,
  parentId: RunId | null,
): Promise<readonly RecordedRun[]> {
  return (await tracking.runs.list({ parentIds: parentId && [parentId], limit: 100 })).runs.map(recordedRun);
}

export async function recordedRunOf({ tracking }: Pick<Houses, 'tracking'>, id: RunId): Promise<RecordedRun> {
  const run = await tracking.runs.get(id);
  if (run) return recordedRun(run);
  throw new Error(`No run ${id}`);
}

function recordedRun({ info, params, metrics, tags }: Run): RecordedRun {
  return {
    ...info,
    params: valuesByKey(params),
    metrics: valuesByKey(metrics),
    tags: valuesByKey(tags),
  };
}

/** A version as a client registers it. @param over what is not as usual */
export function clientVersion(over: Partial<NewModelVersion> = {}): NewModelVersion {
  const source = over.source ?? 's3://models/theirs';
  return {
    model: 'house-price',
    source,
    storage: source,
    runId: undefined,
    runLink: '',
    loggedModelId: undefined,
    description: '',
    tags: {},
    at: Date.UTC(2026, 0, 2),
    ...over,
  };
}

/** A version of the houses' model, made by the pipeline. */
export async function versionOf(
  { registry }: Pick<Houses, 'registry'>,
  number: number,
): Promise<PipelineVersion> {
  const version = asPipelineVersion(await registry.findVersion({ model: 'house-price', version: number }));
  if (version) return version;
  throw new Error(`No version ${number} of the pipeline`);
}

/** A copy of version 1 of the houses' model, as a client makes it. */
export async function copyOfFirst({ registry }: Pick<Houses, 'registry'>): Promise<NewModelVersion> {
  const { folder, runId, metrics } = await versionOf({ registry }, 1);
  return clientVersion({ source: 'models:/house-price/1', storage: folderUri(folder), runId, metrics });
}

/** Code is its own text: the same text is the same code. */
function inProcessCode(blobs: BlobStore): Pick<Houses, 'bundler' | 'loadCode'> {
  const values = new Map<Digest, unknown>();
  return {
    bundler: {
      async bundle(value, field) {
        const text =
          value instanceof z.ZodType
            ? JSON.stringify(z.toJSONSchema(value, { io: 'input' }))
            : `${String(value)}${trainerText(value)}`;
        const { digest } = await blobs.put(text);
        values.set(digest, value);
        return { key: digestOf(`meaning of ${text}`), bundle: digest, label: field };
      },
    },
    loadCode: async <Value>(bundle: Digest) => {
      await blobs.read(bundle);
      return values.get(bundle) as Value;
    },
  };
}

/** Every trainer's type is the same function: its definition tells trainers apart. */
function trainerText(value: unknown): string {
  if (typeof value !== 'function' || !('definition' in value)) return '';
  const { definition } = value as TrainerType;
  return ` ${definition.name}`;
}

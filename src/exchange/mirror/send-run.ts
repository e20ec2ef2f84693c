import type { RunId } from '../../kernel/ids.ts';
import {
  type RunStatus,
  type KeyValue,
  type Lifecycle,
  type LoggedPoint,
  runTag,
} from '../../tracking/model.ts';
import { type Batch, batchesOf, isEntry } from './batches.ts';
import { type Change, datasetOf, streamOf } from './change.ts';
import type { RemoteId } from './queue.ts';
import { isDeletedUnseen, sendBy, type SendDeps, type Senders, type SendStream } from './senders.ts';
import type { TargetRuns } from './target.ts';

/** Clients list the models that a run logged in this tag, with the run's own id. */
const historyTag = 'mlflow.log-model.history';

/** Sends changes of a run: params, tags and metrics in as few requests as MLflow takes, the rest one by one. */
export const sendRun: SendStream = async (id, changes, deps) => {
  const { queue, remoteIds } = deps;
  if (isDeletedUnseen(changes) && !(await queue.findRemoteId({ kind: 'run', id }))) return deps.done(changes);
  const remote = await remoteIds.run(id);
  if (!remote) return deps.done(changes);
  // The first remote id of a run that is older than the mirror replaces the queued changes: read the queue again.
  const [first] = changes;
  if (!first || (first.kind !== 'created' && !(await queue.has(first.id)))) return;
  const { unique, repeated } = withoutRepeats(changes);
  for (const batch of batchesOf(unique)) await sendBatch({ id, remote, deps }, batch);
  await deps.done(repeated);
};

interface Run {
  readonly id: string;
  readonly remote: RemoteId;
  readonly deps: SendDeps;
}

async function sendBatch(run: Run, batch: Batch): Promise<void> {
  const [first] = batch;
  if (!first) return;
  await run.deps.attempt(batch, (part) =>
    isEntry(first) ? sendEntries(run, part) : sendBy(runSenders(run), first),
  );
}

async function sendEntries({ id, remote, deps }: Run, batch: Batch): Promise<void> {
  const { target } = deps;
  const points: LoggedPoint[] = [];
  for (const change of batch.filter(({ kind }) => kind === 'point' || kind === 'model-point')) {
    const point = pointOf(change);
    const model = change.kind === 'model-point' ? await remoteModel(change.note, deps) : undefined;
    points.push(model ? { ...point, ...datasetFieldsOf(change), modelId: model.id } : point);
  }
  const isUncertain = deps.isUncertain(streamOf('run', id));
  const metrics = isUncertain ? await missingPoints(points, remote.id, target.runs) : points;
  const tags: KeyValue[] = [];
  for (const tag of lastOfEach(batch.filter(({ kind }) => kind === 'tag')))
    tags.push({ key: tag.key, value: await remoteTagValue(tag, id, deps) });
  const params = batch.filter(({ kind }) => kind === 'param').map(({ key, value }) => ({ key, value }));
  if (metrics.length || tags.length || params.length)
    await target.runs.log(remote.id, { metrics, params, tags });
}

/** A point of a logged model is queued as a point of its run too. One request logs both. */
function withoutRepeats(changes: readonly Change[]): {
  readonly unique: readonly Change[];
  readonly repeated: readonly Change[];
} {
  const name = ({ key, number, step, at }: Change): string => [at, step, String(number), key].join(' ');
  const ofModels = new Set(changes.filter(({ kind }) => kind === 'model-point').map(name));
  const isRepeated = (change: Change): boolean => change.kind === 'point' && ofModels.has(name(change));
  return {
    unique: changes.filter((change) => !isRepeated(change)),
    repeated: changes.filter(isRepeated),
  };
}

/**
 * The points that the other server does not have yet. Asked only after a request without an acknowledgement, because not
 * every server ignores a point that it already has.
 */
async function missingPoints(
  points: readonly LoggedPoint[],
  run: string,
  runs: Pick<TargetRuns, 'history'>,
): Promise<readonly LoggedPoint[]> {
  const stored = new Set<string>();
  for (const key of new Set(points.map((point) => point.key)))
    for await (const point of runs.history(run, key)) stored.add(nameOf({ ...point, key }));
  return points.filter((point) => point.modelId !== undefined || !stored.has(nameOf(point)));
}

/** MLflow stores an infinity as the largest finite number. */
function nameOf({
  key,
  value,
  step,
  timestamp,
}: Pick<LoggedPoint, 'key' | 'value' | 'step' | 'timestamp'>): string {
  const finite = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
  return JSON.stringify([key, String(finite === 0 ? 0 : finite), step, timestamp]);
}

/** Absent also where the other server takes no logged models: the point is then logged for the run alone. */
async function remoteModel(id: string, { remoteIds, target }: SendDeps): Promise<RemoteId | undefined> {
  try {
    return await remoteIds.loggedModel(id);
  } catch (error) {
    if (target.faultOf(error)?.kind === 'refused') return undefined;
    throw error;
  }
}

function pointOf({ key, number, step, at = 0 }: Change): LoggedPoint {
  return { key, value: number, step, timestamp: at };
}

function datasetFieldsOf({ value }: Change): Pick<LoggedPoint, 'datasetName' | 'datasetDigest'> {
  const { name, digest } = datasetOf(value);
  return { ...(name && { datasetName: name }), ...(digest && { datasetDigest: digest }) };
}

/** The value of a tag with our run ids replaced by remote ones. */
async function remoteTagValue({ key, value }: Change, id: string, { remoteIds }: SendDeps): Promise<string> {
  if (key === runTag.parent) return (await remoteIds.run(value))?.id ?? value;
  if (key !== historyTag) return value;
  return value.replaceAll(id, (await remoteIds.run(id))?.id ?? id);
}

function runSenders({ id, remote, deps }: Run): Senders {
  const { runs } = deps.target;
  return {
    'tag-gone': ({ key }) => runs.deleteTag(remote.id, key),
    status: ({ value, at }) => runs.end(remote.id, value as RunStatus, at),
    lifecycle: ({ value }) => runs.move(remote.id, value as Lifecycle),
    links: () => sendLinks(id, remote, deps),
  };
}

async function sendLinks(id: string, remote: RemoteId, deps: SendDeps): Promise<void> {
  const { target, runs, remoteIds } = deps;
  const record = await runs.get(id as RunId);
  if (!record) return;
  const modelInputs: string[] = [];
  for (const model of record.modelInputs) modelInputs.push((await remoteIds.loggedModel(model))?.id ?? model);
  const modelOutputs = [];
  for (const { modelId, step } of record.modelOutputs)
    modelOutputs.push({ modelId: (await remoteIds.loggedModel(modelId))?.id ?? modelId, step });
  await target.runs.link(remote.id, { datasets: record.datasets, modelInputs, modelOutputs });
}

function lastOfEach(tags: readonly Change[]): readonly Change[] {
  return [...new Map(tags.map((tag) => [tag.key, tag])).values()];
}

import type { RunId } from '../../kernel/ids.ts';
import type { RunStatus } from '../../tracking/model.ts';
import { type KeyValue, type Lifecycle, type LoggedPoint, runTag } from '../../tracking/record.ts';
import { type Batch, batchesOf, isDeletedUnseen, isEntry } from './batches.ts';
import { type Change, datasetOf, laneOf } from './change.ts';
import type { Counterpart } from './queue.ts';
import { sendBy, type SendDeps, type SendLane, type Senders } from './send.ts';
import { unknownThere } from './unknown-points.ts';

/** Clients keep in it what models a run logged, with the run's own id. */
const historyTag = 'mlflow.log-model.history';

/** Sends what happened to a run: what it logged in as few requests as MLflow takes, and the rest one by one. */
export const sendRun: SendLane = async (id, changes, deps) => {
  const { queue, counterparts } = deps;
  if (isDeletedUnseen(changes) && !(await queue.counterpart({ kind: 'run', id }))) return deps.done(changes);
  const theirs = await counterparts.run(id);
  if (!theirs) return deps.done(changes);
  // All that a run from before the mirror has took the place of what was to be sent: another turn begins with that.
  const [first] = changes;
  if (!first || (first.kind !== 'created' && !(await queue.has(first.id)))) return;
  const { once, twice } = toldOnce(changes);
  for (const batch of batchesOf(once)) await sendBatch({ ours: id, theirs, deps }, batch);
  await deps.done(twice);
};

interface Run {
  readonly ours: string;
  readonly theirs: Counterpart;
  readonly deps: SendDeps;
}

async function sendBatch(run: Run, batch: Batch): Promise<void> {
  const [first] = batch;
  if (!first) return;
  await run.deps.attempt(batch, (part) =>
    isEntry(first) ? sendEntries(run, part) : sendBy(sendersOf(run), first),
  );
}

async function sendEntries({ ours, theirs, deps }: Run, batch: Batch): Promise<void> {
  const { target } = deps;
  const points: LoggedPoint[] = [];
  for (const change of batch.filter(({ kind }) => kind === 'point' || kind === 'model-point')) {
    const point = pointOf(change);
    const model = change.kind === 'model-point' ? await theirModel(change.note, deps) : undefined;
    points.push(model ? { ...point, ...aboutOf(change), modelId: model.id } : point);
  }
  const isUncertain = deps.isUncertain(laneOf('run', ours));
  const metrics = isUncertain ? await unknownThere(points, theirs.id, target.runs) : points;
  const tags: KeyValue[] = [];
  for (const tag of lastOfEach(batch.filter(({ kind }) => kind === 'tag')))
    tags.push({ key: tag.key, value: await theirTagValue(tag, ours, deps) });
  const params = batch.filter(({ kind }) => kind === 'param').map(({ key, value }) => ({ key, value }));
  if (metrics.length || tags.length || params.length)
    await target.runs.log(theirs.id, { metrics, params, tags });
}

/** A point that is logged for a model is queued as a point of its run too. MLflow makes both of the one. */
function toldOnce(changes: readonly Change[]): {
  readonly once: readonly Change[];
  readonly twice: readonly Change[];
} {
  const name = ({ key, number, step, at }: Change): string => [at, step, String(number), key].join(' ');
  const ofModels = new Set(changes.filter(({ kind }) => kind === 'model-point').map(name));
  const isTwice = (change: Change): boolean => change.kind === 'point' && ofModels.has(name(change));
  return { once: changes.filter((change) => !isTwice(change)), twice: changes.filter(isTwice) };
}

/** Absent also where the other server takes no models: the point is the run's then. */
async function theirModel(id: string, { counterparts, target }: SendDeps): Promise<Counterpart | undefined> {
  try {
    return await counterparts.loggedModel(id);
  } catch (error) {
    if (target.faultOf(error)?.kind === 'refused') return undefined;
    throw error;
  }
}

function pointOf({ key, number, step, at = 0 }: Change): LoggedPoint {
  return { key, value: number, step, timestamp: at };
}

function aboutOf({ value }: Change): Pick<LoggedPoint, 'datasetName' | 'datasetDigest'> {
  const { name, digest } = datasetOf(value);
  return { ...(name && { datasetName: name }), ...(digest && { datasetDigest: digest }) };
}

async function theirTagValue({ key, value }: Change, ours: string, deps: SendDeps): Promise<string> {
  const { counterparts } = deps;
  if (key === runTag.parent) return (await counterparts.run(value))?.id ?? value;
  if (key !== historyTag) return value;
  return value.replaceAll(ours, (await counterparts.run(ours))?.id ?? ours);
}

function sendersOf({ ours, theirs, deps }: Run): Senders {
  const { runs } = deps.target;
  return {
    'tag-gone': ({ key }) => runs.deleteTag(theirs.id, key),
    status: ({ value, at }) => runs.end(theirs.id, value as RunStatus, at),
    lifecycle: ({ value }) => runs.move(theirs.id, value as Lifecycle),
    links: () => sendLinks(ours, theirs, deps),
  };
}

async function sendLinks(ours: string, theirs: Counterpart, deps: SendDeps): Promise<void> {
  const { target, runs, counterparts } = deps;
  const record = await runs.get(ours as RunId);
  if (!record) return;
  const modelInputs: string[] = [];
  for (const id of record.modelInputs) modelInputs.push((await counterparts.loggedModel(id))?.id ?? id);
  const modelOutputs = [];
  for (const { modelId, step } of record.modelOutputs)
    modelOutputs.push({ modelId: (await counterparts.loggedModel(modelId))?.id ?? modelId, step });
  await target.runs.link(theirs.id, { datasets: record.datasets, modelInputs, modelOutputs });
}

function lastOfEach(tags: readonly Change[]): readonly Change[] {
  return [...new Map(tags.map((tag) => [tag.key, tag])).values()];
}

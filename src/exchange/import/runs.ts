import { excessOf, limitRule, sizesOf } from '../../tracking/run-limits.ts';
import { digestOfJson } from '../../kernel/digest.ts';
import { mapConcurrent } from '../../kernel/map-concurrent.ts';
import type { DatasetInput, LoggedPoint } from '../../tracking/model.ts';
import { runFolder } from '../artifact-owner.ts';
import type { ExperimentPair } from './experiments.ts';
import { findFiles, importFiles } from './files.ts';
import { importOnce, type ItemContext, type Session } from './session.ts';
import type { SourceRun } from './source.ts';
import type { Tally } from './tally.ts';
import { limitEntries, limitPoints, limitText, limitTime } from './value-limits.ts';

/** Runs that are imported at a time. */
const width = 6;
/** Runs between two progress lines. */
const progressEvery = 250;
/** Points that are written with their run. */
const pointsWithRun = 5000;

export async function importRuns(session: Session, { source, localId }: ExperimentPair): Promise<void> {
  let count = 0;
  session.onProgress(`experiment ${source.name}`);
  await mapConcurrent(session.source.runs(source.id), width, async (run) => {
    await importOnce(session, { kind: 'run', id: run.info.id }, (context) =>
      importRun(session, { run, experimentId: localId }, context),
    );
    count += 1;
    if (count % progressEvery === 0) session.onProgress(`experiment ${source.name}: ${count} runs`);
  });
}

async function importRun(
  session: Session,
  { run, experimentId }: { readonly run: SourceRun; readonly experimentId: string },
  { previous, tally, note, skip }: ItemContext,
): Promise<void> {
  const { id, artifactUri } = run.info;
  if (!/^[0-9a-f]{32}$/.test(id)) return skip('the id is not 32 hex digits');
  const { store, artifacts } = session.target;
  const owner = { kind: 'run', id, experimentId: run.info.experimentId, uri: artifactUri } as const;
  const found = await findFiles(session, owner, { folder: runFolder(experimentId, id), tally });
  tally.folder = found.folder;
  const points = session.source.points(run)[Symbol.asyncIterator]();
  const first = await take(points, tally);
  const isComplete = first.isLast && !found.files.length;
  const imported = {
    ...limitRun(run, tally),
    experimentId,
    artifactUri: found.folder,
    points: first.points,
  };
  const excess = excessOf(sizesOf({ params: imported.params, tags: imported.tags }));
  if (excess) return skip(`its ${excess.kind} ${limitRule(excess)}`);
  const digest = digestOf(run);
  const isWritten = await store.putRun(
    imported,
    isComplete ? note({ localId: id, state: 'complete', digest }) : note({ localId: id, state: 'started' }),
  );
  if (!isWritten) return skip('a run with this id exists here and is not from this source');
  if (isComplete) return;
  for (let isLast = first.isLast; !isLast;) {
    const more = await take(points, tally);
    await store.addPoints(id, more.points);
    isLast = more.isLast;
  }
  const isUnchanged = !previous?.digest || previous.digest === digest;
  await importFiles(artifacts, found, { tally, isUnchanged });
  await store.note(note({ localId: id, state: 'complete', digest }));
}

/** Takes the next points, a few thousand at most. */
async function take(
  points: AsyncIterator<readonly LoggedPoint[]>,
  tally: Tally,
): Promise<{ readonly points: readonly LoggedPoint[]; readonly isLast: boolean }> {
  const taken: LoggedPoint[] = [];
  while (taken.length < pointsWithRun) {
    const next = await points.next();
    if (next.done === true) return { points: taken, isLast: true };
    for (const point of limitPoints(next.value, tally)) taken.push(point);
  }
  return { points: taken, isLast: false };
}

function limitRun(run: SourceRun, tally: Tally) {
  const { id, name, user, status, startedAt, endedAt, lifecycle } = run.info;
  const { modelInputs, deletedAt, sourceName } = run;
  tally.count('dataset input', run.datasets.length);
  return {
    id,
    name: limitText(name),
    user: limitText(user),
    // Runs of our own type end with the process that created them.
    sourceType: run.sourceType === 'MODELYARD' ? 'UNKNOWN' : limitText(run.sourceType),
    sourceName: limitText(sourceName),
    status,
    startedAt: limitTime('start time', startedAt, tally) ?? 0,
    endedAt: limitTime('end time', endedAt, tally),
    lifecycle,
    deletedAt: limitTime('deletion time', deletedAt, tally),
    params: limitEntries('param', run.params, tally),
    tags: limitEntries('tag', run.tags, tally),
    datasets: run.datasets.map(limitInput),
    modelInputs,
    modelOutputs: limitOutputs(run, tally),
  };
}

function limitOutputs({ modelOutputs }: SourceRun, tally: Tally): SourceRun['modelOutputs'] {
  return modelOutputs.filter(({ modelId, step }) => {
    if (Number.isSafeInteger(step)) return true;
    tally.report('model output', `step ${step} is beyond 2^53`, modelId);
    return false;
  });
}

function limitInput({ dataset, tags }: DatasetInput): DatasetInput {
  const { name, digest, sourceType, source, schema, profile } = dataset;
  return {
    dataset: {
      name: limitText(name),
      digest: limitText(digest),
      sourceType: limitText(sourceType),
      source: limitText(source),
      ...(schema !== undefined && { schema: limitText(schema) }),
      ...(profile !== undefined && { profile: limitText(profile) }),
    },
    tags: tags.map(({ key, value }) => ({ key: limitText(key), value: limitText(value) })),
  };
}

/** Changes whenever the run does, whatever order the source lists its entries in. */
function digestOf({ info, metrics, params, tags, datasets }: SourceRun): string {
  const sorted = <Entry extends { readonly key: string }>(entries: readonly Entry[]): readonly Entry[] =>
    entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return digestOfJson({
    info,
    metrics: sorted(metrics),
    params: sorted(params),
    tags: sorted(tags),
    datasets: datasets.length,
  });
}

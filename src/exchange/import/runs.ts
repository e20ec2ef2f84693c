import { digestOfJson } from '../../kernel/digest.ts';
import type { LoggedPoint } from '../../tracking/record.ts';
import type { Pair } from './experiments.ts';
import { bringFiles, findFiles } from './files.ts';
import { fittingPoints, fittingText, fittingTexts } from './fitting.ts';
import { mapConcurrent } from '../../kernel/map-concurrent.ts';
import type { Tally } from './left-out.ts';
import { runFolder } from '../artifact-owner.ts';
import { type Bringing, bringOnce, type Session } from './session.ts';
import type { SourceRun } from './source.ts';
import type { DatasetInput } from '../../tracking/record.ts';

/** Runs at a time. */
const width = 6;
/** Runs between two lines that tell how far it is. */
const toldEvery = 250;
/** Points that are written with their run. */
const pointsWithRun = 5000;

export async function bringRuns(session: Session, { theirs, ours }: Pair): Promise<void> {
  let count = 0;
  session.tell(`experiment ${theirs.name}`);
  await mapConcurrent(session.source.runs(theirs.id), width, async (run) => {
    await bringOnce(session, { kind: 'run', id: run.info.id }, (bringing) =>
      bringRun(session, { run, experimentId: ours }, bringing),
    );
    count += 1;
    if (count % toldEvery === 0) session.tell(`experiment ${theirs.name}: ${count} runs`);
  });
}

async function bringRun(
  session: Session,
  { run, experimentId }: { readonly run: SourceRun; readonly experimentId: string },
  { known, tally, note, leave }: Bringing,
): Promise<void> {
  const { id, artifactUri } = run.info;
  if (!/^[0-9a-f]{32}$/.test(id)) return leave('its id is not 32 hex digits');
  const { store, artifacts } = session.target;
  const owner = { kind: 'run', id, experimentId: run.info.experimentId, uri: artifactUri } as const;
  const found = await findFiles(session, owner, { ours: runFolder(experimentId, id), tally });
  tally.folder = found.folder;
  const points = session.source.points(run)[Symbol.asyncIterator]();
  const first = await take(points, tally);
  const isWhole = first.isAll && !found.files.length;
  const imported = {
    ...importedRun(run, tally),
    experimentId,
    artifactUri: found.folder,
    points: first.points,
  };
  const digest = digestOf(run);
  const isWritten = await store.putRun(
    imported,
    isWhole ? note({ ours: id, state: 'whole', digest }) : note({ ours: id, state: 'begun' }),
  );
  if (!isWritten) return leave('a run of the id is here that did not come from this source');
  if (isWhole) return;
  for (let isAll = first.isAll; !isAll;) {
    const more = await take(points, tally);
    await store.addPoints(id, more.points);
    isAll = more.isAll;
  }
  const isSame = !known?.digest || known.digest === digest;
  await bringFiles(artifacts, found, { tally, isSame });
  await store.note(note({ ours: id, state: 'whole', digest }));
}

/** The next points, some thousands. */
async function take(
  points: AsyncIterator<readonly LoggedPoint[]>,
  tally: Tally,
): Promise<{ readonly points: readonly LoggedPoint[]; readonly isAll: boolean }> {
  const taken: LoggedPoint[] = [];
  while (taken.length < pointsWithRun) {
    const next = await points.next();
    if (next.done === true) return { points: taken, isAll: true };
    for (const point of fittingPoints(next.value, tally)) taken.push(point);
  }
  return { points: taken, isAll: false };
}

function importedRun(run: SourceRun, tally: Tally) {
  const { id, name, user, status, startedAt, endedAt, lifecycle } = run.info;
  const { modelInputs, modelOutputs, deletedAt, sourceName } = run;
  tally.count('dataset input', run.datasets.length);
  return {
    id,
    name: fittingText(name),
    user: fittingText(user),
    // Runs of this type end with the process that made them.
    sourceType: run.sourceType === 'MODELYARD' ? 'UNKNOWN' : fittingText(run.sourceType),
    sourceName: fittingText(sourceName),
    status,
    startedAt,
    endedAt,
    lifecycle,
    deletedAt,
    params: fittingTexts('param', run.params, tally),
    tags: fittingTexts('tag', run.tags, tally),
    datasets: run.datasets.map(fittingInput),
    modelInputs,
    modelOutputs,
  };
}

function fittingInput({ dataset, tags }: DatasetInput): DatasetInput {
  const { name, digest, sourceType, source, schema, profile } = dataset;
  return {
    dataset: {
      name: fittingText(name),
      digest: fittingText(digest),
      sourceType: fittingText(sourceType),
      source: fittingText(source),
      ...(schema !== undefined && { schema: fittingText(schema) }),
      ...(profile !== undefined && { profile: fittingText(profile) }),
    },
    tags: tags.map(({ key, value }) => ({ key: fittingText(key), value: fittingText(value) })),
  };
}

/** Another one when anything of the run is another, whatever order its source tells it in. */
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

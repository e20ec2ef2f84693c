import type { ExperimentPlace } from '../../tracking/import-store.ts';
import type { ExperimentRecord } from '../../tracking/record.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { fittingText, fittingTexts } from './fitting.ts';
import type { Tally } from './left-out.ts';
import { isShared } from '../artifact-owner.ts';
import { bringOnce, type Session } from './session.ts';

/** An experiment of the source and the one here that has its runs. */
export interface Pair {
  readonly theirs: ExperimentRecord;
  /** The id. */
  readonly ours: string;
}

/** @throws PlatformError EXPERIMENT_NOT_FOUND for a name that was asked for and that the source has not */
export async function bringExperiments(session: Session): Promise<readonly Pair[]> {
  const wanted = await wantedExperiments(session);
  const pairs: Pair[] = [];
  for (const theirs of wanted) {
    await bringOnce(session, { kind: 'experiment', id: theirs.id }, async ({ tally, note }) => {
      const experiment = {
        id: theirs.id,
        name: fittingText(theirs.name),
        artifactLocation: isShared(theirs.artifactLocation) ? theirs.artifactLocation : undefined,
        lifecycle: theirs.lifecycle,
        createdAt: theirs.createdAt,
        updatedAt: theirs.updatedAt,
        tags: fittingTexts('tag', theirs.tags, tally),
      };
      const { store } = session.target;
      const place = await store.putExperiment(experiment, note({ ours: '', state: 'begun' }));
      tellDifferences(theirs, place, tally);
      const done = note({ ours: place.id, state: 'whole' });
      const isNew = place.how !== 'joined' && done.facts['isNew'] === true;
      await store.note({ ...done, facts: { ...done.facts, isNew } });
    });
    const noted = await session.target.store.find({
      source: session.source.name,
      kind: 'experiment',
      id: theirs.id,
    });
    if (noted) pairs.push({ theirs, ours: noted.ours });
  }
  return pairs;
}

async function wantedExperiments({ source, experiments }: Session): Promise<readonly ExperimentRecord[]> {
  const wanted: ExperimentRecord[] = [];
  for await (const experiment of source.experiments())
    if (experiments?.has(experiment.name) ?? true) wanted.push(experiment);
  const found = new Set(wanted.map(({ name }) => name));
  const missing = [...(experiments ?? [])].filter((name) => !found.has(name));
  if (!missing.length) return wanted;
  throw new PlatformError('EXPERIMENT_NOT_FOUND', {
    field: '--experiment',
    value: missing.join(', '),
    remedy: `${source.name} has no experiment of the name: see its list.`,
  });
}

/** An experiment that is not here as it is there is told: people know it by its name and number. */
function tellDifferences(theirs: ExperimentRecord, place: ExperimentPlace, tally: Tally): void {
  if (place.id !== theirs.id)
    tally.leave('id of an experiment', `${theirs.name} has the id ${place.id} here`);
  if (place.name !== theirs.name)
    tally.leave('name of an experiment', `${theirs.name} is called ${place.name} here`);
  if (place.lifecycle !== theirs.lifecycle)
    tally.leave(
      'state of an experiment',
      `${theirs.name} is ${theirs.lifecycle} there and ${place.lifecycle} here`,
    );
}

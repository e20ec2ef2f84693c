import type { PutExperiment } from '../../tracking/import-store.ts';
import type { Experiment } from '../../tracking/model.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isShared } from '../artifact-owner.ts';
import { importOnce, type Session } from './session.ts';
import type { Tally } from './tally.ts';
import { limitEntries, limitText, limitTimes } from './value-limits.ts';

/** An experiment of the source, and the id of the experiment here that gets its runs. */
export interface ExperimentPair {
  readonly source: Experiment;
  readonly localId: string;
}

/** @throws PlatformError EXPERIMENT_NOT_FOUND for a requested name that the source does not have */
export async function importExperiments(session: Session): Promise<readonly ExperimentPair[]> {
  const { store } = session.target;
  const pairs: ExperimentPair[] = [];
  for (const source of await selectExperiments(session)) {
    await importOnce(session, { kind: 'experiment', id: source.id }, async ({ tally, note }) => {
      const experiment = {
        id: source.id,
        name: limitText(source.name),
        artifactLocation: isShared(source.artifactLocation) ? source.artifactLocation : undefined,
        lifecycle: source.lifecycle,
        ...limitTimes(source, tally),
        tags: limitEntries('tag', source.tags, tally),
      };
      const local = await store.putExperiment(experiment, note({ localId: '', state: 'started' }));
      reportDifferences(source, local, tally);
      const done = note({ localId: local.id, state: 'complete' });
      const isNew = local.how !== 'joined' && done.facts['isNew'] === true;
      await store.note({ ...done, facts: { ...done.facts, isNew } });
    });
    const note = await store.find({ source: session.source.name, kind: 'experiment', id: source.id });
    if (note) pairs.push({ source, localId: note.localId });
  }
  return pairs;
}

async function selectExperiments({ source, experiments }: Session): Promise<readonly Experiment[]> {
  const selected: Experiment[] = [];
  for await (const experiment of source.experiments())
    if (experiments?.has(experiment.name) ?? true) selected.push(experiment);
  const found = new Set(selected.map(({ name }) => name));
  const missing = [...(experiments ?? [])].filter((name) => !found.has(name));
  if (!missing.length) return selected;
  throw new PlatformError('EXPERIMENT_NOT_FOUND', {
    field: '--experiment',
    value: missing.join(', '),
    remedy: `Name experiments of ${source.name}.`,
  });
}

/** Reports what people know an experiment by, where it is not the same here. */
function reportDifferences(source: Experiment, local: PutExperiment, tally: Tally): void {
  const { name } = source;
  if (local.id !== source.id) tally.report('experiment id', `${name} has the id ${local.id} here`);
  if (local.name !== name) tally.report('experiment name', `${name} is called ${local.name} here`);
  if (local.lifecycle !== source.lifecycle)
    tally.report(
      'experiment state',
      `${name} is ${source.lifecycle} at the source and ${local.lifecycle} here`,
    );
}

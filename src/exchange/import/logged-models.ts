import { digestOfJson } from '../../kernel/digest.ts';
import { mapConcurrent } from '../../kernel/map-concurrent.ts';
import { modelFolder } from '../artifact-owner.ts';
import type { ExperimentPair } from './experiments.ts';
import { findFiles, importFiles } from './files.ts';
import { importOnce, type ItemContext, type Session } from './session.ts';
import type { SourceLoggedModel } from './source.ts';
import { limitEntries, limitPoints, limitText, limitTimes } from './value-limits.ts';

/** Models that are imported at a time. */
const width = 4;

export async function importLoggedModels(session: Session, pair: ExperimentPair): Promise<void> {
  await mapConcurrent(session.source.loggedModels(pair.source.id), width, (model) =>
    importOnce(session, { kind: 'logged model', id: model.id }, (context) =>
      importModel(session, { model, experimentId: pair.localId }, context),
    ),
  );
}

async function importModel(
  session: Session,
  { model, experimentId }: { readonly model: SourceLoggedModel; readonly experimentId: string },
  { previous, tally, note, skip }: ItemContext,
): Promise<void> {
  const { id, artifactUri, statusMessage } = model;
  if (!/^m-[\w-]{1,64}$/.test(id)) return skip("the id is not 'm-' with letters and digits");
  const { store, artifacts } = session.target;
  const owner = { kind: 'logged model', id, experimentId: model.experimentId, uri: artifactUri } as const;
  const found = await findFiles(session, owner, { folder: modelFolder(experimentId, id), tally });
  tally.folder = found.folder;
  if (statusMessage !== '') tally.report('logged model message', `not stored: ${statusMessage}`);
  const imported = {
    ...model,
    ...limitTimes(model, tally),
    experimentId,
    artifactUri: found.folder,
    name: limitText(model.name),
    params: limitEntries('param', model.params, tally),
    tags: limitEntries('tag', model.tags, tally),
    metrics: limitPoints(model.metrics, tally),
  };
  const digest = digestOfJson({ ...model, tags: [], metrics: model.metrics.length });
  const written = await store.putLoggedModel(imported, note({ localId: id, state: 'started' }));
  if (!written) return skip('a logged model with this id exists here and is not from this source');
  for (const run of written.missingRuns) tally.report('metric points', `run ${run} is not here`, run);
  const isUnchanged = !previous?.digest || previous.digest === digest;
  if (found.files.length) await importFiles(artifacts, found, { tally, isUnchanged });
  await store.note(note({ localId: id, state: 'complete', digest }));
}

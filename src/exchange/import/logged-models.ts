import { digestOfJson } from '../../kernel/digest.ts';
import type { Pair } from './experiments.ts';
import { bringFiles, findFiles } from './files.ts';
import { fittingPoints, fittingText, fittingTexts } from './fitting.ts';
import { mapConcurrent } from '../../kernel/map-concurrent.ts';
import { modelFolder } from '../artifact-owner.ts';
import { type Bringing, bringOnce, type Session } from './session.ts';
import type { SourceLoggedModel } from './source.ts';

/** Models at a time. */
const width = 4;

export async function bringLoggedModels(session: Session, { theirs, ours }: Pair): Promise<void> {
  await mapConcurrent(session.source.loggedModels(theirs.id), width, (model) =>
    bringOnce(session, { kind: 'logged model', id: model.id }, (bringing) =>
      bringModel(session, { model, experimentId: ours }, bringing),
    ),
  );
}

async function bringModel(
  session: Session,
  { model, experimentId }: { readonly model: SourceLoggedModel; readonly experimentId: string },
  { known, tally, note, leave }: Bringing,
): Promise<void> {
  const { id, artifactUri, statusMessage } = model;
  if (!/^m-[\w-]{1,64}$/.test(id)) return leave("its id is not 'm-' with letters and digits");
  const { store, artifacts } = session.target;
  const owner = { kind: 'logged model', id, experimentId: model.experimentId, uri: artifactUri } as const;
  const found = await findFiles(session, owner, { ours: modelFolder(experimentId, id), tally });
  tally.folder = found.folder;
  if (statusMessage !== '') tally.leave('message of a logged model', `not kept: ${statusMessage}`);
  const imported = {
    ...model,
    experimentId,
    artifactUri: found.folder,
    name: fittingText(model.name),
    params: fittingTexts('param', model.params, tally),
    tags: fittingTexts('tag', model.tags, tally),
    metrics: fittingPoints(model.metrics, tally),
  };
  const digest = digestOfJson({ ...model, tags: [], metrics: model.metrics.length });
  const isWhole = !found.files.length;
  const written = await store.putLoggedModel(imported, note({ ours: id, state: 'begun' }));
  if (!written) return leave('a logged model of the id is here that did not come from this source');
  for (const run of written.missingRuns) tally.leave('metric points', `their run ${run} is not here`, run);
  const isSame = !known?.digest || known.digest === digest;
  if (!isWhole) await bringFiles(artifacts, found, { tally, isSame });
  await store.note(note({ ours: id, state: 'whole', digest }));
}

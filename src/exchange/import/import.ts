import { canonicalJson } from '../../kernel/json.ts';
import { bringExperiments, type Pair } from './experiments.ts';
import { bringLoggedModels } from './logged-models.ts';
import { bringRegistry } from './registry.ts';
import { collectReport, type ImportReport } from './report.ts';
import { bringRuns } from './runs.ts';
import type { ImportOptions, ImportTarget, Session } from './session.ts';
import type { LeftOut } from './left-out.ts';
import type { MlflowSource } from './source.ts';

/**
 * Brings what another tracking server has over into ours: experiments, runs with their whole histories, files, logged
 * models and the registry, with the ids, times, users and states that they have there. It can be stopped at any moment:
 * the next call goes on where it was. After one that finished, the next brings what has changed since.
 * @throws PlatformError PEER_FAILED, SOURCE_UNREADABLE when the source cannot be read now: call it again later;
 * EXPERIMENT_NOT_FOUND for an experiment that was asked for and that the source has not
 */
export async function importMlflow(
  source: MlflowSource,
  target: ImportTarget,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { store, now } = target;
  const { attempt, isResumed, startedAt } = await store.begin(
    source.name,
    canonicalJson({ experiments: options.experiments, artifacts: options.artifacts }),
    now(),
  );
  const session: Session = {
    source,
    target,
    attempt,
    experiments: options.experiments?.length ? new Set(options.experiments) : undefined,
    withFiles: options.artifacts ?? true,
    tell: options.onProgress ?? (() => {}),
  };
  const pairs = await bringExperiments(session);
  for (const pair of pairs) await bringRuns(session, pair);
  await store.nestRuns(source.name);
  session.tell('logged models');
  for (const pair of pairs) await bringLoggedModels(session, pair);
  await bringRegistry(session);
  const rest = await restOf(session, pairs);
  const { brought, counts, left } = await collectReport(session);
  await store.finish(source.name, attempt, now());
  return {
    source: source.name,
    import: attempt,
    isResumed,
    milliseconds: now() - startedAt,
    brought,
    counts,
    left: [...left, ...rest],
  };
}

/** What no import brings. */
async function restOf({ source, withFiles }: Session, pairs: readonly Pair[]): Promise<readonly LeftOut[]> {
  const left: LeftOut[] = [];
  if (!withFiles) left.push({ what: 'files', id: '', why: 'they were not asked for' });
  for await (const rest of source.rest(pairs.map(({ theirs }) => theirs.id))) left.push(rest);
  return left;
}

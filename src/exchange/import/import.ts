import { canonicalJson } from '../../kernel/json.ts';
import { type ExperimentPair, importExperiments } from './experiments.ts';
import { importLoggedModels } from './logged-models.ts';
import { nestRuns } from './parents.ts';
import { importRegistry } from './registry.ts';
import { collectReport, type ImportReport } from './report.ts';
import { importRuns } from './runs.ts';
import type { ImportOptions, ImportTarget, Session } from './session.ts';
import type { MlflowSource } from './source.ts';
import type { Difference } from './tally.ts';

/**
 * Imports another tracking server: experiments, runs with their metric histories, files, logged models and the registry,
 * with the ids, times, users and states of the source. An interrupted import is resumed by the next call. A call after a
 * finished import brings in what has changed since.
 * @throws PlatformError PEER_FAILED, SOURCE_UNREADABLE when the source cannot be read now: call again later;
 * EXPERIMENT_NOT_FOUND for a requested experiment that the source does not have
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
    onProgress: options.onProgress ?? (() => {}),
  };
  const pairs = await importExperiments(session);
  for (const pair of pairs) await importRuns(session, pair);
  await nestRuns(session);
  session.onProgress('logged models');
  for (const pair of pairs) await importLoggedModels(session, pair);
  await importRegistry(session);
  const unsupported = await findUnsupported(session, pairs);
  const { imported, counts, differences } = await collectReport(session);
  await store.finish(source.name, attempt, now());
  return {
    source: source.name,
    import: attempt,
    isResumed,
    milliseconds: now() - startedAt,
    imported,
    counts,
    differences: [...differences, ...unsupported],
  };
}

/** What no import supports, or this one was asked to skip. */
async function findUnsupported(
  { source, withFiles }: Session,
  pairs: readonly ExperimentPair[],
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  if (!withFiles) differences.push({ what: 'files', id: '', reason: 'skipped by --no-artifacts' });
  const ids = pairs.map((pair) => pair.source.id);
  for await (const difference of source.unsupported(ids)) differences.push(difference);
  return differences;
}

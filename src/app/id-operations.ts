import { type IdView, shortestPrefix } from '../api/id-views.ts';
import type { Operations } from '../api/routes.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import { formatTrigger } from '../pipeline/job.ts';
import type { JobQueue } from '../pipeline/job-queue.ts';
import type { PredictionLog } from '../serving/prediction-log.ts';
import type { RunStore } from '../tracking/run-store.ts';

export interface IdDeps {
  readonly runs: Pick<RunStore, 'idsWithPrefix' | 'getInfos'>;
  readonly queue: Pick<JobQueue, 'idsWithPrefix' | 'find'>;
  readonly predictions: Pick<PredictionLog, 'findByPrefix'>;
}

const mostIds = 10;

type FindIds = (prefix: string) => Promise<readonly IdView[]>;

/** Ids by their first characters. */
export function idOperations({ runs, queue, predictions }: IdDeps): Pick<Operations, 'findIds'> {
  const sources: Readonly<Record<Parameters<Operations['findIds']>[0]['kind'], FindIds>> = {
    async run(prefix) {
      const ids = await runs.idsWithPrefix(prefix, mostIds);
      const infos = new Map((await runs.getInfos(ids)).map((info) => [info.id as string, info]));
      return withSummary(ids, async (id) => {
        const info = infos.get(id);
        return info ? `${info.name}, ${info.lifecycle === 'deleted' ? 'deleted' : info.status}` : '';
      });
    },
    async job(prefix) {
      const ids = await queue.idsWithPrefix(prefix, mostIds);
      return withSummary(ids, async (id) => {
        const job = await queue.find(id as RunId);
        return job ? `${job.project}, ${job.status}, started by ${formatTrigger(job.trigger)}` : '';
      });
    },
    async prediction(prefix) {
      checkPredictionPrefix(prefix);
      const records = await predictions.findByPrefix(prefix, mostIds);
      return records.map(({ predictionId, endpoint, version, at }) => ({
        id: predictionId,
        summary: `${endpoint} v${version}, ${new Date(at).toISOString()}`,
      }));
    },
  };
  return { findIds: ({ kind, prefix }) => sources[kind](prefix) };
}

function withSummary(
  ids: readonly string[],
  summary: (id: string) => Promise<string>,
): Promise<readonly IdView[]> {
  return Promise.all(ids.map(async (id) => ({ id, summary: await summary(id) })));
}

/** The first 8 digits are the time to about a minute: with fewer, a search would read the log of weeks. */
function checkPredictionPrefix(prefix: string): void {
  if (/^[0-9a-f]{8}/.test(prefix)) return;
  throw new PlatformError('INPUT_INVALID', {
    field: 'prefix',
    value: prefix,
    remedy: `must be an id, or at least its first ${shortestPrefix.prediction} characters`,
  });
}

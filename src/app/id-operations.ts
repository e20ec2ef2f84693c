import type { IdView } from '../api/id-views.ts';
import type { Operations } from '../api/routes.ts';
import type { PredictionId, RunId } from '../kernel/ids.ts';
import { formatTrigger } from '../pipeline/job.ts';
import type { JobQueue } from '../pipeline/job-queue.ts';
import type { PredictionLog } from '../serving/prediction-log.ts';
import type { RunStore } from '../tracking/run-store.ts';

export interface IdDeps {
  readonly runs: Pick<RunStore, 'idsWithPrefix' | 'get'>;
  readonly queue: Pick<JobQueue, 'idsWithPrefix' | 'find'>;
  readonly predictions: Pick<PredictionLog, 'idsWithPrefix' | 'find'>;
}

const mostIds = 10;

/** Where ids of a kind are looked up, and how one is summarized. */
interface IdSource {
  readonly find: (prefix: string, limit: number) => Promise<readonly string[]>;
  readonly summary: (id: string) => Promise<string>;
}

/** Ids by their first characters. */
export function idOperations({ runs, queue, predictions }: IdDeps): Pick<Operations, 'findIds'> {
  const sources: Readonly<Record<Parameters<Operations['findIds']>[0]['kind'], IdSource>> = {
    run: {
      find: (prefix, limit) => runs.idsWithPrefix(prefix, limit),
      async summary(id) {
        const info = (await runs.get(id))?.info;
        return info ? `${info.name}, ${info.lifecycle === 'deleted' ? 'deleted' : info.status}` : '';
      },
    },
    job: {
      find: (prefix, limit) => queue.idsWithPrefix(prefix, limit),
      async summary(id) {
        const job = await queue.find(id as RunId);
        return job ? `${job.project}, ${job.status}, started by ${formatTrigger(job.trigger)}` : '';
      },
    },
    prediction: {
      find: (prefix, limit) => predictions.idsWithPrefix(prefix, limit),
      async summary(id) {
        const record = await predictions.find(id as PredictionId);
        return record ? `${record.endpoint} v${record.version}, ${new Date(record.at).toISOString()}` : '';
      },
    },
  };
  return {
    async findIds({ kind, prefix }): Promise<readonly IdView[]> {
      const { find, summary } = sources[kind];
      const ids = await find(prefix, mostIds);
      return Promise.all(ids.map(async (id) => ({ id, summary: await summary(id) })));
    },
  };
}

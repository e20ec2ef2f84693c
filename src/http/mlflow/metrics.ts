import type { RunPoint } from '../../tracking/metric-store.ts';
import { listed, pointJson } from './run-json.ts';
import type { TrackingServices } from './tracking-services.ts';
import { endpoint, type Endpoint, type WireObject } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import { offsetOf, offsetToken } from './wire/page-token.ts';

const largestPage = 25_000;
const mostRuns = 100;
const mostSteps = 2500;

const getHistory = endpoint({
  methods: ['GET'],
  path: '/mlflow/metrics/get-history',
  versions: ['2.0'],
  permission: 'read',
  fields: {
    run_id: { type: 'string', required: true, alsoCalled: 'run_uuid' },
    metric_key: { type: 'string', required: true },
    page_token: { type: 'string' },
    max_results: { type: 'int32' },
  },
  async handle({ run_id, metric_key, page_token, max_results }, { metrics }: TrackingServices) {
    const { items, next } = await metrics.history({
      runId: run_id,
      key: metric_key,
      offset: offsetOf(page_token),
      limit: pageOf(max_results),
    });
    return {
      metrics: listed(items.map(pointJson)),
      next_page_token: next === undefined ? undefined : offsetToken(next),
    };
  },
});

const getBulk = endpoint({
  methods: ['GET'],
  path: '/mlflow/metrics/get-history-bulk',
  versions: ['2.0'],
  ui: true,
  permission: 'read',
  fields: {
    run_id: { type: 'string', repeated: true },
    metric_key: { type: 'string' },
    max_results: { type: 'int32' },
  },
  async handle({ run_id: runIds, metric_key, max_results }, { metrics }: TrackingServices) {
    const key = checkedBulk(runIds, metric_key);
    const points = await metrics.histories(runIds.toSorted(), key, pageOf(max_results));
    return { metrics: points.map(runPointJson) };
  },
});

const getInterval = endpoint({
  methods: ['GET'],
  path: '/mlflow/metrics/get-history-bulk-interval',
  versions: ['2.0'],
  permission: 'read',
  fields: {
    run_ids: { type: 'string', repeated: true, required: true },
    metric_key: { type: 'string', required: true },
    start_step: { type: 'int64' },
    end_step: { type: 'int64' },
    max_results: { type: 'int32' },
  },
  async handle({ run_ids: runIds, metric_key: key, ...range }, { metrics }: TrackingServices) {
    const { max_results: most = mostSteps } = range;
    if (runIds.length > mostRuns)
      throw invalid(
        `GetMetricHistoryBulkInterval request must specify at most ${mostRuns} run_ids. Received ${runIds.length} run_ids.`,
      );
    if (most < 1 || most > mostSteps) throw invalid(`max_results must be between 1 and ${mostSteps}.`);
    const steps = stepsOf(range.start_step, range.end_step);
    const points = await metrics.sample({ runIds, key, most, ...(steps && { steps }) });
    return { metrics: listed(points.map(runPointJson)) };
  },
});

/** Metric histories in MLflow's API. */
export const metricEndpoints: readonly Endpoint<TrackingServices>[] = [getHistory, getBulk, getInterval];

/** @returns the metric's key */
function checkedBulk(runIds: readonly string[], key: string | undefined): string {
  if (!runIds.length) throw invalid('GetMetricHistoryBulk request must specify at least one run_id.');
  if (runIds.length > mostRuns)
    throw invalid(
      `GetMetricHistoryBulk request cannot specify more than ${mostRuns} run_ids. Received ${runIds.length} run_ids.`,
    );
  if (!key) throw invalid('GetMetricHistoryBulk request must specify a metric_key.');
  return key;
}

function stepsOf(
  from: number | bigint | undefined,
  to: number | bigint | undefined,
): { readonly from: number; readonly to: number } | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined)
    throw invalid('If either start step or end step are specified, both must be specified.');
  if (from > to)
    throw invalid(`end_step must be greater than start_step. Found start_step=${from} and end_step=${to}.`);
  return { from: Number(from), to: Number(to) };
}

function pageOf(maxResults: number | undefined): number {
  return maxResults === undefined || maxResults < 1 ? largestPage : Math.min(maxResults, largestPage);
}

function runPointJson(point: RunPoint): WireObject {
  return { ...pointJson(point), run_id: point.runId };
}

function invalid(message: string): Error {
  return mlflowError('INVALID_PARAMETER_VALUE', message);
}

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { PlatformError } from '../../kernel/errors.ts';
import type { Labels, Meter } from '../../kernel/meter.ts';

/** In seconds, from a tenth of a millisecond: response times. */
const latencyBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const valueBuckets = [
  0.01, 0.1, 1, 5, 10, 25, 50, 75, 100, 125, 150, 175, 200, 250, 500, 1000, 10_000, 100_000,
];

const counters = {
  modelyard_inference_requests_total: [
    'Requested predictions',
    ['project', 'model', 'version', 'protocol', 'code'],
  ],
  modelyard_prediction_log_dropped_total: ['Predictions whose record was lost', ['project']],
  modelyard_prediction_cache_hits_total: ['Rows predicted from the cache', ['project', 'model']],
  modelyard_rate_limited_total: ['Requests refused by a rate limit', ['project', 'model']],
  modelyard_mirror_sent_total: ['Changes that the mirror has sent', []],
  modelyard_mirror_failed_total: ['Changes that the mirror server rejected permanently', []],
  modelyard_pipeline_runs_total: ['Runs of a pipeline that ended', ['pipeline', 'status']],
} as const;
const gauges = {
  modelyard_mirror_backlog: ['Changes waiting to be sent to the mirror', []],
  modelyard_mirror_oldest_seconds: ['Age of the oldest waiting change', []],
  modelyard_mirror_refused: ['Changes that the mirror server rejected and that were set aside', []],
  modelyard_model_info: [
    'Versions of endpoints; 1 for a version that is served now',
    ['model', 'version', 'digest', 'alias'],
  ],
  modelyard_endpoint_behind_alias: [
    '1 for an endpoint that cannot serve the version of its alias',
    ['project', 'model', 'alias'],
  ],
} as const;
const histograms = {
  modelyard_inference_request_duration_seconds: [
    'Time of a prediction request',
    ['project', 'model', 'version', 'phase'],
    latencyBuckets,
  ],
  modelyard_inference_batch_size: [
    'Rows of a request',
    ['project', 'model'],
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  ],
  modelyard_prediction_value: ['Predicted numbers', ['model', 'version'], valueBuckets],
  modelyard_prediction_confidence: [
    'Probability of the predicted class',
    ['model', 'version'],
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1],
  ],
  modelyard_model_load_duration_seconds: ['Time to load a version', ['model', 'version'], latencyBuckets],
  modelyard_pipeline_run_duration_seconds: [
    'Duration of a pipeline run',
    ['pipeline', 'status'],
    [0.1, 1, 5, 15, 60, 300, 1800, 7200],
  ],
  modelyard_http_request_duration_seconds: ['Time of a request', ['route', 'method', 'code'], latencyBuckets],
} as const;

/** A meter that Prometheus can scrape. An undeclared metric or label is an error. */
export interface PrometheusMeter extends Meter {
  readonly contentType: string;
  /** The text exposition. */
  text(): Promise<string>;
}

export function openMeter(): PrometheusMeter {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counterOf = new Map<string, Counter>();
  const gaugeOf = new Map<string, Gauge>();
  const histogramOf = new Map<string, Histogram>();
  const registers = [registry];
  for (const [name, [help, labelNames]] of Object.entries(counters))
    counterOf.set(name, new Counter({ name, help, labelNames, registers }));
  for (const [name, [help, labelNames]] of Object.entries(gauges))
    gaugeOf.set(name, new Gauge({ name, help, labelNames, registers }));
  for (const [name, [help, labelNames, buckets]] of Object.entries(histograms))
    histogramOf.set(name, new Histogram({ name, help, labelNames, buckets: [...buckets], registers }));
  return {
    contentType: registry.contentType,
    count: (metric, labels: Labels, by = 1) => declared(counterOf, metric).inc(labels, by),
    observe: (metric, labels: Labels, value) => declared(histogramOf, metric).observe(labels, value),
    set: (metric, labels: Labels, value) => declared(gaugeOf, metric).set(labels, value),
    text: () => registry.metrics(),
  };
}

function declared<Kind>(metrics: ReadonlyMap<string, Kind>, name: string): Kind {
  const metric = metrics.get(name);
  if (metric) return metric;
  throw new PlatformError('INTERNAL', {
    field: 'metric',
    value: name,
    remedy: 'No metric with this name and kind is declared; this is a bug of Modelyard.',
  });
}

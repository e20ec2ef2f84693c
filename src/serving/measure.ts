import { PlatformError } from '../kernel/errors.ts';
import type { Meter } from '../kernel/meter.ts';
import type { Prediction } from '../project/models/prediction.ts';

/** The labels of an endpoint's metrics. */
export interface Measured {
  readonly project: string;
  readonly model: string;
}

export interface Request {
  readonly protocol: string;
  /** 'none' while no version is live. */
  readonly version: string;
}

/** The metrics of an endpoint's requests. */
export interface RequestMeter {
  predicted(request: Request, rows: readonly { readonly prediction: Prediction }[], seconds: number): void;
  failed(request: Request, error: unknown): void;
  cacheHits(count: number): void;
}

export function meterRequests(endpoint: Measured, meter: Meter): RequestMeter {
  const { model } = endpoint;
  const count = ({ protocol, version }: Request, code: number): void =>
    meter.count('modelyard_inference_requests_total', { ...endpoint, version, protocol, code: String(code) });
  return {
    predicted(request, rows, seconds) {
      const { version } = request;
      count(request, 200);
      meter.observe(
        'modelyard_inference_request_duration_seconds',
        { ...endpoint, version, phase: 'predict' },
        seconds,
      );
      meter.observe('modelyard_inference_batch_size', { ...endpoint }, rows.length);
      for (const { prediction } of rows) {
        if (prediction.kind === 'number')
          meter.observe('modelyard_prediction_value', { model, version }, prediction.value);
        if (prediction.kind === 'class')
          meter.observe('modelyard_prediction_confidence', { model, version }, prediction.probability);
      }
    },
    failed(request, error) {
      const { code, status } = error instanceof PlatformError ? error : { code: '', status: 500 };
      if (code === 'RATE_LIMITED') meter.count('modelyard_rate_limited_total', { ...endpoint });
      count(request, status);
    },
    cacheHits(hits) {
      if (hits > 0) meter.count('modelyard_prediction_cache_hits_total', { ...endpoint }, hits);
    },
  };
}

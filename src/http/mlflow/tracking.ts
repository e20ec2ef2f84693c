import { experimentEndpoints } from './experiments.ts';
import { metricEndpoints } from './metrics.ts';
import { runLinkEndpoints } from './run-links.ts';
import { runLogEndpoints } from './run-logs.ts';
import { runEndpoints } from './runs.ts';
import type { TrackingServices } from './tracking-services.ts';
import type { Endpoint } from './wire/endpoint.ts';

/** Experiments, runs and metrics in MLflow's API. */
export const trackingEndpoints: readonly Endpoint<TrackingServices>[] = [
  ...experimentEndpoints,
  ...runEndpoints,
  ...runLogEndpoints,
  ...runLinkEndpoints,
  ...metricEndpoints,
];

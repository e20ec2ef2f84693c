import type { FastifyInstance } from 'fastify';
import type { Log } from '../../kernel/log.ts';
import { artifactUploadEndpoints, artifactUploadRawEndpoints } from './artifact-uploads.ts';
import { artifactEndpoints, artifactRawEndpoints, type ArtifactServices } from './artifacts.ts';
import { emptyReadEndpoints } from './empty-reads.ts';
import { loggedModelEndpoints, type LoggedModelServices } from './logged-models.ts';
import { modelVersionEndpoints } from './model-versions.ts';
import type { RegistryServices } from './registered-models-wire.ts';
import { registeredModelEndpoints } from './registered-models.ts';
import { graphqlEndpoint } from './graphql/endpoint.ts';
import { serverInfoEndpoints, serverInfoRawEndpoints } from './server-info.ts';
import { trackingEndpoints } from './tracking.ts';
import type { TrackingServices } from './tracking-services.ts';
import { webhookEndpoints, type WebhookServices } from './webhooks.ts';
import type { Endpoint } from './wire/endpoint.ts';
import type { RawEndpoint } from './wire/raw-endpoint.ts';
import { registerEndpoints } from './wire/register.ts';

/** The services of MLflow's API. */
export type MlflowServices = TrackingServices &
  RegistryServices &
  WebhookServices &
  ArtifactServices &
  LoggedModelServices & {
    readonly log: Log;
    /** Additional routes of a server under test. @default [] */
    readonly testEndpoints?: readonly RawEndpoint<object>[];
  };

const endpoints: readonly Endpoint<MlflowServices>[] = [
  ...serverInfoEndpoints,
  ...trackingEndpoints,
  ...registeredModelEndpoints,
  ...modelVersionEndpoints,
  ...webhookEndpoints,
  ...artifactEndpoints,
  ...artifactUploadEndpoints,
  ...loggedModelEndpoints,
  ...emptyReadEndpoints,
];

const rawEndpoints: readonly RawEndpoint<MlflowServices>[] = [
  ...serverInfoRawEndpoints,
  ...artifactRawEndpoints,
  ...artifactUploadRawEndpoints,
  graphqlEndpoint(endpoints),
];

/**
 * Serves MLflow's REST API 2.0 and 3.0 below `/api` and `/ajax-api`. Existing addresses of the server, such as `/health`,
 * stay.
 */
export async function addMlflow(server: FastifyInstance, services: MlflowServices): Promise<void> {
  const free = ({ versions, path, methods }: RawEndpoint<MlflowServices>): boolean =>
    versions.length > 0 || !methods.some((method) => server.hasRoute({ method, url: path }));
  await registerEndpoints(server, {
    endpoints,
    rawEndpoints: [...rawEndpoints.filter(free), ...(services.testEndpoints ?? [])],
    services,
    log: services.log,
  });
}

import type { ArtifactServices } from './artifacts.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import type { RawEndpoint } from './wire/raw-endpoint.ts';

/** The version of MLflow's API; clients compare it with theirs. */
const mlflowApiVersion = '3.12.0';

/** Facts about the server. */
export const serverInfoEndpoints: readonly Endpoint<Pick<ArtifactServices, 'artifacts'>>[] = [
  endpoint({
    methods: ['GET'],
    path: '/mlflow/server-info',
    versions: ['3.0'],
    permission: 'public',
    fields: {},
    handle: async (_input, { artifacts }: Pick<ArtifactServices, 'artifacts'>) => ({
      store_type: 'SqlStore',
      workspaces_enabled: false,
      trace_archival_enabled: false,
      // Clients from 3.13 use multipart uploads by default. Through us one stream is faster than joining parts afterwards.
      multipart_uploads_enabled: artifacts.direct !== undefined,
      multipart_downloads_enabled: artifacts.direct !== undefined,
      presigned_upload_run_id_supported: true,
      presigned_upload_model_id_supported: true,
      features_enabled: { gateway: false },
    }),
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/ui-telemetry',
    versions: ['3.0'],
    ui: true,
    permission: 'public',
    fields: {},
    handle: async () => ({ disable_ui_telemetry: true, disable_ui_events: [], ui_rollout_percentage: 0 }),
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/ui-telemetry',
    versions: ['3.0'],
    ui: true,
    permission: 'public',
    fields: {},
    handle: async () => ({ status: 'disabled' }),
  }),
];

/** Without a prefix: `/version`, and `/health` as MLflow's probes expect it. */
export const serverInfoRawEndpoints: readonly RawEndpoint<object>[] = [
  text('/health', 'OK'),
  text('/version', mlflowApiVersion),
];

function text(path: string, response: string): RawEndpoint<object> {
  return {
    methods: ['GET'],
    path,
    versions: [],
    permission: 'public',
    handle: async ({ reply }) => reply.type('text/html; charset=utf-8').send(response),
  };
}

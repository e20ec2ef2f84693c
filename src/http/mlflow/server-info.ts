import { endpoint } from './wire/endpoint.ts';
import type { Endpoint } from './wire/endpoint.ts';
import type { RawEndpoint } from './wire/raw-endpoint.ts';

/** The version of MLflow's API that is answered here; clients compare it with their own. */
const mlflowApiVersion = '3.12.0';

/** What the server says of itself. */
export const serverInfoEndpoints: readonly Endpoint<object>[] = [
  endpoint({
    methods: ['GET'],
    path: '/mlflow/server-info',
    versions: ['3.0'],
    permission: 'public',
    fields: {},
    handle: async () => ({ store_type: 'SqlStore', workspaces_enabled: false }),
  }),
  endpoint({
    methods: ['GET', 'POST'],
    path: '/mlflow/ui-telemetry',
    versions: ['3.0'],
    ui: true,
    permission: 'public',
    fields: {},
    handle: async () => ({ disable_ui_telemetry: true, disable_ui_events: [], ui_rollout_percentage: 0 }),
  }),
];

/** Below no prefix: `/version`, and `/health` in the words that MLflow's probes expect. */
export const serverInfoRawEndpoints: readonly RawEndpoint<object>[] = [
  text('/health', 'OK'),
  text('/version', mlflowApiVersion),
];

function text(path: string, answer: string): RawEndpoint<object> {
  return {
    methods: ['GET'],
    path,
    versions: [],
    permission: 'public',
    handle: async ({ reply }) => reply.type('text/html; charset=utf-8').send(answer),
  };
}

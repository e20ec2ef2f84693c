import { type ApiVersion, type Endpoint, endpoint, type Method, type WireObject } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import type { Fields } from './wire/fields.ts';

interface Read {
  /** @default GET */
  readonly methods?: readonly Method[];
  readonly path: string;
  /** @default 3.0 */
  readonly version?: ApiVersion;
  /** @default false: below `/api` too */
  readonly ui?: true;
  /** Names of fields that must be there. @default none */
  readonly required?: Fields;
  /** @default {} */
  readonly response?: WireObject;
}

const text = { type: 'string', required: true } as const;
const texts = { ...text, repeated: true } as const;

function traceReads(): readonly Endpoint<object>[] {
  const locations = { type: 'message', required: true, repeated: true } as const;
  const noTraces = { filter1_count: 0, filter2_count: 0, joint_count: 0, total_count: 0 };
  const search = '/mlflow/traces/calculate-filter-correlation';
  return [
    emptyRead({ methods: ['POST'], path: '/mlflow/traces/search', required: { locations } }),
    emptyRead({ path: '/mlflow/traces', version: '2.0', required: { experiment_ids: texts } }),
    emptyRead({ methods: ['POST'], path: '/mlflow/traces/metrics', required: { experiment_ids: texts } }),
    emptyRead({ methods: ['POST'], path: '/mlflow/traces/batchGetInfos', required: { trace_ids: texts } }),
    emptyRead({ path: '/mlflow/traces/batchGet', required: { trace_ids: texts } }),
    emptyRead({ methods: ['POST'], path: search, response: noTraces }),
    absent('/mlflow/traces/get', 'trace_id', (id) => `Trace with ID ${id} is not found.`),
    absent('/mlflow/traces/:trace_id', 'trace_id', (id) => `Trace with ID '${id}' not found.`),
  ];
}

function datasetReads(): readonly Endpoint<object>[] {
  const noDataset = (id: string): string => `Evaluation dataset with id '${id}' not found`;
  return [
    emptyRead({ methods: ['GET', 'POST'], path: '/mlflow/datasets/search' }),
    emptyRead({ path: '/mlflow/datasets/:dataset_id/records', response: { records: '[]' } }),
    emptyRead({ path: '/mlflow/datasets/:dataset_id/experiment-ids' }),
    absent('/mlflow/datasets/:dataset_id', 'dataset_id', noDataset),
  ];
}

function gatewayReads(): readonly Endpoint<object>[] {
  const lists = [
    'endpoints/list',
    'endpoints/bindings/list',
    'model-definitions/list',
    'secrets/list',
    'guardrails/list',
    'budgets/list',
    'budgets/windows',
  ];
  const noSecrets = { secrets_available: false, using_default_passphrase: false };
  return [
    ...lists.map((list) => emptyRead({ path: `/mlflow/gateway/${list}` })),
    emptyRead({ path: '/mlflow/gateway/supported-providers', ui: true, response: { providers: [] } }),
    emptyRead({ path: '/mlflow/gateway/supported-models', ui: true, response: { models: [] } }),
    emptyRead({ path: '/mlflow/gateway/provider-config', ui: true, response: { auth_modes: [] } }),
    emptyRead({ path: '/mlflow/gateway/secrets/config', ui: true, response: noSecrets }),
    emptyRead({ path: '/mlflow/gateway-proxy', version: '2.0', ui: true, response: { endpoints: [] } }),
  ];
}

function otherReads(): readonly Endpoint<object>[] {
  const jobs = '/mlflow/prompt-optimization/jobs/search';
  return [
    emptyRead({ path: '/mlflow/scorers/list', required: { experiment_id: text } }),
    emptyRead({ path: '/mlflow/scorers/online-configs', response: { configs: [] } }),
    emptyRead({ methods: ['POST'], path: '/mlflow/issues/search', response: { next_page_token: '' } }),
    emptyRead({ methods: ['GET', 'POST'], path: jobs, required: { experiment_id: text } }),
    emptyRead({ methods: ['POST'], path: '/jobs/search', ui: true, response: { jobs: [] } }),
    emptyRead({ path: '/mlflow/assistant/config', ui: true, response: { providers: {}, projects: {} } }),
  ];
}

function emptyRead({
  methods = ['GET'],
  path,
  version = '3.0',
  ui,
  required = {},
  response = {},
}: Read): Endpoint<object> {
  return endpoint({
    methods,
    path,
    versions: [version],
    ...(ui && { ui }),
    permission: 'read',
    fields: required,
    handle: async () => response,
  });
}

/** A read of one thing by its id, which is never found. */
function absent(path: string, field: string, message: (id: string) => string): Endpoint<object> {
  return endpoint({
    methods: ['GET'],
    path,
    versions: ['3.0'],
    permission: 'read',
    fields: { [field]: text },
    async handle(input) {
      throw mlflowError('RESOURCE_DOES_NOT_EXIST', message(String(input[field])));
    },
  });
}

/**
 * Reads of features that Modelyard does not have: traces, evaluation datasets, scorers, the gateway, the assistant. MLflow's
 * pages always request them, and an empty response shows an empty page. Writes are not supported.
 */
export const emptyReadEndpoints: readonly Endpoint<object>[] = [
  ...traceReads(),
  ...datasetReads(),
  ...gatewayReads(),
  ...otherReads(),
];

import { expect } from 'vitest';
import type { TeamServer } from './team-server.ts';

/** Sends a request of MLflow's API; the test fails if it is refused. */
async function callMlflow<Body>(server: TeamServer, path: string, body: object): Promise<Body> {
  const response = await server.post(`/api/2.0/mlflow/${path}`, body);
  expect({ path, status: response.status }).toEqual({ path, status: 200 });
  return (await response.json()) as Body;
}

export interface SentVersion {
  readonly params?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<string, number | string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly description?: string;
  /** Columns of the signature's inputs, with their types. @default no files */
  readonly inputs?: Readonly<Record<string, string>>;
}

/** Registers a version as a client does: a run, the files of its model, then the version. @returns the run */
export async function sendVersion(server: TeamServer, name: string, sent: SentVersion = {}): Promise<string> {
  const { params = {}, metrics = {}, tags = {}, description = '', inputs } = sent;
  const now = Date.now();
  const { run } = await callMlflow<{ run: { info: { run_id: string } } }>(server, 'runs/create', {
    experiment_id: '0',
    start_time: now,
    run_name: 'calm-otter',
    user_id: 'ines',
  });
  const { run_id: id } = run.info;
  await callMlflow(server, 'runs/log-batch', {
    run_id: id,
    params: Object.entries(params).map(([key, value]) => ({ key, value })),
    metrics: Object.entries(metrics).map(([key, value]) => ({ key, value, step: 0, timestamp: now })),
  });
  await callMlflow(server, 'runs/update', { run_id: id, status: 'FINISHED', end_time: now + 5000 });
  const folder = `0/${id}/artifacts/model`;
  if (inputs) {
    const columns = Object.entries(inputs).map(([column, type]) => ({ name: column, type, required: true }));
    const body = `signature:\n  inputs: '${JSON.stringify(columns)}'\n`;
    const address = `${server.url}/api/2.0/mlflow-artifacts/artifacts/${folder}/MLmodel`;
    const { status } = await fetch(address, { method: 'PUT', body });
    expect(status).toBe(200);
  }
  await callMlflow(server, 'model-versions/create', {
    name,
    source: `mlflow-artifacts:/${folder}`,
    run_id: id,
    description,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  });
  return id;
}

export async function sendModel(server: TeamServer, name: string, more: object = {}): Promise<void> {
  await callMlflow(server, 'registered-models/create', { name, ...more });
}

export async function sendAlias(
  server: TeamServer,
  name: string,
  { alias, version }: { readonly alias: string; readonly version: number },
): Promise<void> {
  await callMlflow(server, 'registered-models/alias', { name, alias, version: String(version) });
}

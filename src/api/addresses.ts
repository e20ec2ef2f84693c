/* `npx vitest run src/api -u` writes this file from routes.ts: a page in a browser does not load the schemas. */
import type { Address } from './address.ts';

/** Where each operation is. */
export const addresses = {
  listProjects: { method: 'GET', path: '/api/projects' },
  getProject: { method: 'GET', path: '/api/projects/:project' },
  listRuns: { method: 'GET', path: '/api/projects/:project/runs' },
  startRun: { method: 'POST', path: '/api/projects/:project/runs' },
  listJobs: { method: 'GET', path: '/api/projects/:project/jobs' },
  getJob: { method: 'GET', path: '/api/runs/:run/job' },
  cancelRun: { method: 'POST', path: '/api/runs/:run/cancel' },
  getRun: { method: 'GET', path: '/api/runs/:run' },
  getRunReport: { method: 'GET', path: '/api/runs/:run/report' },
  searchRuns: { method: 'POST', path: '/api/runs/search' },
  moveRuns: { method: 'POST', path: '/api/runs/move' },
  purge: { method: 'POST', path: '/api/purge' },
  findIds: { method: 'GET', path: '/api/ids/:kind' },
  getModel: { method: 'GET', path: '/api/models/:model' },
  checkSkew: { method: 'GET', path: '/api/models/:model/skew' },
  reproduce: { method: 'POST', path: '/api/models/:model/reproductions' },
  listAliasMoves: { method: 'GET', path: '/api/models/:model/aliases/:alias/moves' },
  promote: { method: 'POST', path: '/api/models/:model/aliases/:alias' },
  rollback: { method: 'POST', path: '/api/models/:model/aliases/:alias/rollback' },
  getEndpoint: { method: 'GET', path: '/api/endpoints/:endpoint' },
  explain: { method: 'GET', path: '/api/predictions/:prediction' },
  predict: { method: 'POST', path: '/predict/:endpoint', body: 'request' },
  createBatch: { method: 'POST', path: '/api/endpoints/:endpoint/batches', file: 'upload' },
  listBatches: { method: 'GET', path: '/api/endpoints/:endpoint/batches' },
  getBatch: { method: 'GET', path: '/api/batches/:batch' },
  startBatch: { method: 'POST', path: '/api/batches/:batch/start' },
  cancelBatch: { method: 'POST', path: '/api/batches/:batch/cancel' },
  downloadBatch: { method: 'GET', path: '/api/batches/:batch/output', file: 'download' },
} as const satisfies Readonly<Record<string, Address>>;

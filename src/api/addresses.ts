/** A method and a path with `:name` for members of the input; the rest is the query of a GET and the body of a POST. */
export interface Address {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

/** Where each operation is. Apart from the schemas, so that a page in a browser does not load them. */
export const addresses = {
  listProjects: { method: 'GET', path: '/api/projects' },
  getProject: { method: 'GET', path: '/api/projects/:project' },
  listRuns: { method: 'GET', path: '/api/projects/:project/runs' },
  startRun: { method: 'POST', path: '/api/projects/:project/runs' },
  getRun: { method: 'GET', path: '/api/runs/:run' },
  searchRuns: { method: 'POST', path: '/api/runs/search' },
  moveRuns: { method: 'POST', path: '/api/runs/move' },
  purge: { method: 'POST', path: '/api/purge' },
  getModel: { method: 'GET', path: '/api/models/:model' },
  listAliasMoves: { method: 'GET', path: '/api/models/:model/aliases/:alias/moves' },
  promote: { method: 'POST', path: '/api/models/:model/aliases/:alias' },
  rollback: { method: 'POST', path: '/api/models/:model/aliases/:alias/rollback' },
  getEndpoint: { method: 'GET', path: '/api/endpoints/:endpoint' },
  explain: { method: 'GET', path: '/api/predictions/:prediction' },
  predict: { method: 'POST', path: '/predict/:endpoint' },
} as const satisfies Readonly<Record<string, Address>>;

/** Server-sent events, each `data` one ServerEvent as JSON. */
export const eventsPath = '/api/projects/:project/events';

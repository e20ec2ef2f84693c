import type { JobView } from '../../src/api/job-views.ts';
import { type Finished, type Started, startModelyard } from './product.ts';

export interface TeamServer extends AsyncDisposable {
  readonly url: string;
  readonly started: Started;
  stop(signal: NodeJS.Signals): Promise<Finished>;
  /** A request with a JSON body. */
  post(path: string, body?: object): Promise<Response>;
  get<Body>(path: string): Promise<Body>;
  /** Polls a job until it is as expected; the test fails if it never is. */
  jobOnce(id: string, fits: (job: JobView) => boolean): Promise<JobView>;
  /** Requests a run of the project, and waits for its end. */
  run(project: string): Promise<JobView>;
}

interface TeamServerOptions {
  /** @default a free port */
  readonly port?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of its state. @default one that processes share */
  readonly cwd?: string;
}

/** `modelyard server`, with a project or for MLflow clients alone, once it listens. */
export async function startTeamServer(
  project: string | undefined,
  { port = '0', env = {}, cwd }: TeamServerOptions = {},
): Promise<TeamServer> {
  const args = ['server', ...(project === undefined ? [] : ['--project', project]), '--port', port];
  const started = startModelyard(args, { env, ...(cwd !== undefined && { cwd }) });
  const { url } = JSON.parse(await started.line(/"listening"/)) as { readonly url: string };
  const server: TeamServer = {
    url,
    started,
    async stop(signal) {
      started.kill(signal);
      return started.finished;
    },
    async post(path, body = {}) {
      const headers = { 'content-type': 'application/json' };
      return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    },
    get: async (path) => (await fetch(`${url}${path}`)).json() as never,
    async jobOnce(id, fits) {
      for (;;) {
        const job = await server.get<JobView>(`/api/runs/${id}/job`);
        if (fits(job)) return job;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async run(name) {
      const { id } = (await (await server.post(`/api/projects/${name}/runs`)).json()) as JobView;
      return server.jobOnce(id, ({ endedAt }) => endedAt !== null);
    },
    async [Symbol.asyncDispose]() {
      await server.stop('SIGKILL');
    },
  };
  return server;
}

import { Agent, request } from 'node:http';

/** A server that speaks MLflow's REST API. */
export interface Api extends Disposable {
  /** @param path below /api/2.0/mlflow. @throws Error for a status other than 200 */
  readonly post: <Result>(path: string, body: object) => Promise<Result>;
  readonly get: <Result>(path: string, query: Readonly<Record<string, string>>) => Promise<Result>;
}

const prefix = '/api/2.0/mlflow';
/** A server closes idle connections; a reset then means that it never read the request. */
const mostTries = 3;

/** A client that keeps its connections, so that only the server is measured. */
export function openApi(url: string): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    async post<Result>(path: string, body: object) {
      const text = JSON.stringify(body);
      return (await send({ agent, url, method: 'POST', path: prefix + path, text }, 1)) as Result;
    },
    async get<Result>(path: string, query: Readonly<Record<string, string>>) {
      const target = `${prefix}${path}?${new URLSearchParams(query).toString()}`;
      return (await send({ agent, url, method: 'GET', path: target, text: '' }, 1)) as Result;
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

interface ApiRequest {
  readonly agent: Agent;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly text: string;
}

async function send(call: ApiRequest, tries: number): Promise<unknown> {
  try {
    const { status, text } = await exchange(call);
    if (status === 200) return JSON.parse(text);
    throw new Error(`${call.method} ${call.path} returned ${status}: ${text.slice(0, 300)}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET' || tries === mostTries) throw error;
    return send(call, tries + 1);
  }
}

function exchange({ agent, url, method, path, text }: ApiRequest): Promise<{ status: number; text: string }> {
  const headers =
    method === 'POST'
      ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
      : {};
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { agent, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

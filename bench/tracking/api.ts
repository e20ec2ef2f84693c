import { Agent, request } from 'node:http';

/** A server that speaks MLflow's REST API. */
export interface Api extends Disposable {
  /** @param path below /api/2.0/mlflow. @throws Error for an answer that is not 200 */
  readonly post: <Answer>(path: string, body: object) => Promise<Answer>;
  readonly get: <Answer>(path: string, query: Readonly<Record<string, string>>) => Promise<Answer>;
}

const prefix = '/api/2.0/mlflow';
/** A server closes connections that it has not heard of for a while: then the request never began. */
const mostTries = 3;

/** A client that keeps its connections: what is measured is the server. */
export function openApi(url: string): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    async post<Answer>(path: string, body: object) {
      const text = JSON.stringify(body);
      return (await answerOf({ agent, url, method: 'POST', path: prefix + path, text }, 1)) as Answer;
    },
    async get<Answer>(path: string, query: Readonly<Record<string, string>>) {
      const asked = `${prefix}${path}?${new URLSearchParams(query).toString()}`;
      return (await answerOf({ agent, url, method: 'GET', path: asked, text: '' }, 1)) as Answer;
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

interface Asked {
  readonly agent: Agent;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly text: string;
}

async function answerOf(asked: Asked, tries: number): Promise<unknown> {
  try {
    const { status, text } = await exchange(asked);
    if (status === 200) return JSON.parse(text);
    throw new Error(`${asked.method} ${asked.path} was answered ${status}: ${text.slice(0, 300)}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET' || tries === mostTries) throw error;
    return answerOf(asked, tries + 1);
  }
}

function exchange({ agent, url, method, path, text }: Asked): Promise<{ status: number; text: string }> {
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

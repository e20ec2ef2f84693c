import { PlatformError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Random } from '../../../kernel/random.ts';
import { retryWait } from '../../../sources/retry.ts';
import type { MlflowClient, Query } from '../client.ts';
import { MlflowFailure } from '../failure.ts';
import { listIn, someText } from './fields.ts';

export interface RetryOptions {
  readonly random: Random;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** @default 5 */
  readonly attempts?: number;
}

/** Requests to another server, with retries after passing failures. */
export interface ServerCalls {
  readonly url: string;
  get(path: string, query?: Query): Promise<JsonObject>;
  post(path: string, body: JsonObject): Promise<JsonObject>;
  /** The items of all pages. @param name of the list in a response */
  pages(ask: (token: JsonObject) => Promise<JsonObject>, name: string): AsyncGenerator<JsonObject>;
  /** @throws PlatformError ARTIFACT_NOT_FOUND where the server refuses the file */
  file(path: string, query: Query): Promise<AsyncIterable<Uint8Array>>;
}

export function serverCalls(client: MlflowClient, retry: RetryOptions): ServerCalls {
  const again = <Result>(ask: () => Promise<Result>): Promise<Result> => withRetries(ask, retry);
  return {
    url: client.url,
    get: (path, query) => again(() => client.get(path, query)),
    post: (path, body) => again(() => client.post(path, body)),
    async *pages(ask, name) {
      for (let token: string | undefined = ''; token !== undefined;) {
        const response: JsonObject = await ask(token === '' ? {} : { page_token: token });
        yield* listIn(response, name);
        token = someText(response, 'next_page_token');
      }
    },
    async file(path, query) {
      try {
        return (await again(() => client.read(path, query))).content;
      } catch (error) {
        throw refusal(error) ?? error;
      }
    },
  };
}

async function withRetries<Result>(ask: () => Promise<Result>, retry: RetryOptions): Promise<Result> {
  const { attempts = 5, random, sleep } = retry;
  for (let attempt = 1; ; attempt += 1)
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof MlflowFailure) || !error.mayPass || attempt >= attempts) throw error;
      await sleep(retryWait(attempt, error.after, random));
    }
}

/** Statuses of a proxy whose server is down: it may be back later. */
const down: ReadonlySet<number> = new Set([502, 503, 504]);

/** A refusal that will not change; absent for a failure that may pass. */
export function refusal(error: unknown): PlatformError | undefined {
  if (!(error instanceof MlflowFailure)) return undefined;
  const { httpStatus, detail } = error;
  if (httpStatus === undefined || down.has(httpStatus)) return undefined;
  const remedy = `the server responds with ${String(detail.value)}`;
  return new PlatformError('ARTIFACT_NOT_FOUND', { ...detail, remedy }, { cause: error });
}

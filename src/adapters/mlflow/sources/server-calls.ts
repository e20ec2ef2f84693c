import { PlatformError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Random } from '../../../kernel/random.ts';
import { retryWait } from '../../../sources/retry.ts';
import type { MlflowClient, Query } from '../client.ts';
import { MlflowFailure } from '../failure.ts';
import { type PagedRequest, readPages } from '../pages.ts';

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
  /** The items of all pages. */
  items(request: PagedRequest): AsyncGenerator<JsonObject>;
  /**
   * @param size in the listing
   * @throws PlatformError ARTIFACT_NOT_FOUND where the server refuses the file
   */
  file(path: string, query: Query, size: number | undefined): Promise<AsyncIterable<Uint8Array>>;
}

export function serverCalls(client: MlflowClient, retry: RetryOptions): ServerCalls {
  const again = <Result>(ask: () => Promise<Result>): Promise<Result> => withRetries(ask, retry);
  return {
    url: client.url,
    get: (path, query) => again(() => client.get(path, query)),
    post: (path, body) => again(() => client.post(path, body)),
    async *items(request) {
      for await (const page of readPages(request)) yield* page;
    },
    async file(path, query, size) {
      try {
        const { content } = await again(() => client.read(path, query, { size }));
        return limited(content, size, path);
      } catch (error) {
        throw refusal(error) ?? error;
      }
    },
  };
}

/** A server that asks for a longer wait ends the import, which can be resumed later. In milliseconds. */
const longestWait = 300_000;

async function withRetries<Result>(ask: () => Promise<Result>, retry: RetryOptions): Promise<Result> {
  const { attempts = 5, random, sleep } = retry;
  for (let attempt = 1; ; attempt += 1)
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof MlflowFailure) || !error.mayPass || attempt >= attempts) throw error;
      if ((error.after ?? 0) > longestWait) throw error;
      await sleep(retryWait(attempt, error.after, random));
    }
}

/** A file may grow by so many bytes between the listing and the download. */
const mostGrowth = 2 ** 30;
/** The longest file of unknown size. */
const mostBytes = 2 ** 40;

/** Stops a download that has no end. */
async function* limited(
  content: AsyncIterable<Uint8Array>,
  size: number | undefined,
  path: string,
): AsyncGenerator<Uint8Array> {
  const most = size === undefined ? mostBytes : size + Math.max(size, mostGrowth);
  let count = 0;
  for await (const part of content) {
    count += part.byteLength;
    if (count > most)
      throw new PlatformError('ARTIFACT_NOT_FOUND', {
        field: 'file',
        value: path,
        remedy: `the server sent more than ${most} bytes (listed: ${size ?? 'no size'})`,
      });
    yield part;
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

import { PlatformError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Random } from '../../../kernel/random.ts';
import { retryWait } from '../../../sources/retry.ts';
import type { MlflowClient, Query } from '../client.ts';
import { MlflowFailure } from '../failure.ts';
import { listIn, someText } from './fields.ts';

export interface Patience {
  readonly random: Random;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** @default 5 */
  readonly attempts?: number;
}

/** Another server, asked again when it fails in passing. */
export interface ServerCalls {
  readonly url: string;
  get(path: string, query?: Query): Promise<JsonObject>;
  post(path: string, body: JsonObject): Promise<JsonObject>;
  /** Items of all pages. @param name of the list in an answer */
  pages(ask: (token: JsonObject) => Promise<JsonObject>, name: string): AsyncGenerator<JsonObject>;
  /** @throws PlatformError ARTIFACT_NOT_FOUND where the server does not give the file */
  file(path: string, query: Query): Promise<AsyncIterable<Uint8Array>>;
}

export function serverCalls(client: MlflowClient, patience: Patience): ServerCalls {
  const again = <Answer>(ask: () => Promise<Answer>): Promise<Answer> => askAgain(ask, patience);
  return {
    url: client.url,
    get: (path, query) => again(() => client.get(path, query)),
    post: (path, body) => again(() => client.post(path, body)),
    async *pages(ask, name) {
      for (let token: string | undefined = ''; token !== undefined;) {
        const answer: JsonObject = await ask(token === '' ? {} : { page_token: token });
        yield* listIn(answer, name);
        token = someText(answer, 'next_page_token');
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

async function askAgain<Answer>(ask: () => Promise<Answer>, patience: Patience): Promise<Answer> {
  const { attempts = 5, random, sleep } = patience;
  for (let attempt = 1; ; attempt += 1)
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof MlflowFailure) || !error.mayPass || attempt >= attempts) throw error;
      await sleep(retryWait(attempt, error.after, random));
    }
}

/** Statuses of whatever stands before a server that is down: it may be there again later. */
const down: ReadonlySet<number> = new Set([502, 503, 504]);

/** What a server that answers will go on to say; absent for what may go better later. */
export function refusal(error: unknown): PlatformError | undefined {
  if (!(error instanceof MlflowFailure)) return undefined;
  const { httpStatus, detail } = error;
  if (httpStatus === undefined || down.has(httpStatus)) return undefined;
  const remedy = `the server answers ${String(detail.value)}`;
  return new PlatformError('ARTIFACT_NOT_FOUND', { ...detail, remedy }, { cause: error });
}

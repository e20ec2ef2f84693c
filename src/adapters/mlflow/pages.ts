import { digestOf } from '../../kernel/digest.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { MlflowFailure } from './failure.ts';

export interface PagedRequest {
  /** For messages: 'experiments'. */
  readonly what: string;
  /** The name of the list in a response. */
  readonly list: string;
  /** @param token absent for the first page */
  readonly ask: (token: string | undefined) => Promise<JsonObject>;
  /** Identifies an item. @default its JSON */
  readonly idOf?: (item: JsonObject) => string;
  /** Items of all pages before the list counts as endless. @default 10_000_000 */
  readonly most?: number;
}

const mostItems = 10_000_000;
/** Pages before a list counts as endless, however few items they have. */
const mostPages = 100_000;
/** Empty pages in a row before the list counts as endless. */
const mostEmpty = 100;

/**
 * Reads all pages of a list. A server with a fault could page forever, so a repeated page token, a repeated page, many
 * empty pages and too many items are errors. @throws MlflowFailure
 */
export async function* readPages(request: PagedRequest): AsyncGenerator<readonly JsonObject[]> {
  const { what, list, ask, idOf = (item) => JSON.stringify(item), most = mostItems } = request;
  const tokens = new Set<string>();
  const pages = new Set<string>();
  let [count, empty] = [0, 0];
  for (let token: string | undefined; ;) {
    const response = await ask(token);
    const items = objectsIn(response[list]);
    empty = items.length ? 0 : empty + 1;
    if (empty > mostEmpty) throw endless('sends empty pages', `empty pages of ${what}`, empty);
    const next = tokenIn(response);
    if (next !== undefined && tokens.has(digestOf(next)))
      throw endless('repeats a page token', `page token of ${what}`, next);
    const page = items.length ? digestOf(items.map(idOf).join('\n')) : undefined;
    if (page !== undefined && pages.has(page))
      throw endless('repeats a page', `first item of the page of ${what}`, idOf(items[0] ?? {}));
    if (page !== undefined) pages.add(page);
    count += items.length;
    if (count > most) throw endless('lists too many items', `number of ${what}`, count);
    if (tokens.size >= mostPages) throw endless('sends too many pages', `pages of ${what}`, tokens.size);
    yield items;
    if (next === undefined) return;
    tokens.add(digestOf(next));
    token = next;
  }
}

function tokenIn(response: JsonObject): string | undefined {
  const token = response['next_page_token'];
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** A list of the server has no end. @param fault 'repeats a page token' */
export function endless(fault: string, field: string, value: Json): MlflowFailure {
  return new MlflowFailure(
    { errorCode: undefined, httpStatus: undefined, mayPass: false, isEndless: true },
    {
      field,
      value,
      remedy: `The MLflow server ${fault}, so the list has no end: check the server and its proxies.`,
    },
  );
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).filter(
    (item): item is JsonObject => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}

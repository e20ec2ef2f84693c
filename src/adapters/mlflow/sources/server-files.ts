import type { FileOwner, SourceFile, SourceFiles } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { numberIn, someText, textIn } from './fields.ts';
import { storeOf } from './local-files.ts';
import { refusal, type ServerCalls } from './server-calls.ts';

const api = '/api/2.0/mlflow';

interface Listing {
  readonly files: readonly SourceFile[];
  readonly folders: readonly string[];
}

/** The files of a run or logged model, served from whatever store the server keeps them in. */
export async function serverFiles(calls: ServerCalls, owner: FileOwner): Promise<SourceFiles> {
  try {
    const top = await listed(calls, owner, '');
    return { kind: 'available', files: filesOf(calls, owner, top) };
  } catch (error) {
    const refused = refusal(error);
    if (!refused) throw error;
    return { kind: 'unavailable', reason: `${refused.detail.remedy}; they stay in ${storeOf(owner.uri)}` };
  }
}

async function* filesOf(calls: ServerCalls, owner: FileOwner, listing: Listing): AsyncGenerator<SourceFile> {
  yield* listing.files;
  for (const folder of listing.folders) yield* filesOf(calls, owner, await listed(calls, owner, folder));
}

async function listed(calls: ServerCalls, owner: FileOwner, folder: string): Promise<Listing> {
  const files: SourceFile[] = [];
  const folders: string[] = [];
  const ask = (token: JsonObject) => listingOf(calls, owner, { folder, token });
  for await (const entry of calls.pages(ask, 'files')) {
    const path = textIn(entry, 'path');
    if (entry['is_dir'] === true) folders.push(path);
    else files.push({ path, size: numberIn(entry, 'file_size'), open: () => opened(calls, owner, path) });
  }
  return { files, folders };
}

function listingOf(
  calls: ServerCalls,
  { kind, id }: FileOwner,
  { folder, token }: { readonly folder: string; readonly token: JsonObject },
): Promise<JsonObject> {
  const page_token = someText(token, 'page_token');
  return kind === 'run'
    ? calls.get(`${api}/artifacts/list`, { run_id: id, path: folder || undefined, page_token })
    : calls.get(`${api}/logged-models/${id}/artifacts/directories`, {
        artifact_directory_path: folder || undefined,
        page_token,
      });
}

function opened(
  calls: ServerCalls,
  { kind, id }: FileOwner,
  path: string,
): Promise<AsyncIterable<Uint8Array>> {
  return kind === 'run'
    ? calls.file('/get-artifact', { run_id: id, path })
    : calls.file(`/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files`, { artifact_file_path: path });
}

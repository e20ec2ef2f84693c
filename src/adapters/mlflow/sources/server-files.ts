import type { FileOwner, SourceFile, SourceFiles, SourceGap } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { endless } from '../pages.ts';
import { numberIn, textIn } from './fields.ts';
import { storeOf } from './local-files.ts';
import { refusal, type ServerCalls } from './server-calls.ts';

const api = '/api/2.0/mlflow';

/** Folders within each other, and entries of one run or logged model, before a listing counts as endless. */
const mostDepth = 100;
const mostEntries = 1_000_000;

interface Listing {
  readonly files: readonly (SourceFile | SourceGap)[];
  readonly folders: readonly string[];
}

/** The files of a run or logged model, served from whatever store the server keeps them in. */
export async function serverFiles(calls: ServerCalls, owner: FileOwner): Promise<SourceFiles> {
  try {
    const top = await listFolder(calls, owner, '');
    return { kind: 'available', files: walk(calls, owner, top) };
  } catch (error) {
    const refused = refusal(error);
    if (!refused) throw error;
    return { kind: 'unavailable', reason: `${refused.detail.remedy}; they stay in ${storeOf(owner.uri)}` };
  }
}

/** Reads the folders below a listing, each once. @throws MlflowFailure where they have no end */
async function* walk(
  calls: ServerCalls,
  owner: FileOwner,
  top: Listing,
): AsyncGenerator<SourceFile | SourceGap> {
  const label = `artifacts of ${owner.kind} ${owner.id}`;
  yield* top.files;
  const waiting = top.folders.toReversed();
  let count = top.files.length + waiting.length;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (folder.split('/').length > mostDepth)
      throw endless(`nests folders more than ${mostDepth} deep`, `folder of the ${label}`, folder);
    const listing = await listFolder(calls, owner, folder);
    count += listing.files.length + listing.folders.length;
    if (count > mostEntries) throw endless('lists too many items', `number of ${label}`, count);
    yield* listing.files;
    waiting.push(...listing.folders.toReversed());
  }
}

/** Entries outside the folder are reported instead of followed: with them a listing could lead back to itself. */
async function listFolder(calls: ServerCalls, owner: FileOwner, folder: string): Promise<Listing> {
  const files: (SourceFile | SourceGap)[] = [];
  const folders = new Set<string>();
  const entries = calls.items({
    what: `artifacts of ${owner.kind} ${owner.id}${folder === '' ? '' : ` in ${folder}`}`,
    list: 'files',
    ask: (token) => requestListing(calls, owner, { folder, token }),
    idOf: (entry) => textIn(entry, 'path'),
    most: mostEntries,
  });
  for await (const entry of entries) {
    const path = textIn(entry, 'path').replace(/\/+$/, '');
    if (!isWithin(path, folder))
      files.push({ path, reason: `the server lists it in the folder '${folder}', where it is not` });
    else if (entry['is_dir'] === true) folders.add(path);
    else files.push(fileOf(calls, owner, { path, size: numberIn(entry, 'file_size') }));
  }
  return { files, folders: [...folders] };
}

function isWithin(path: string, folder: string): boolean {
  return path !== '' && (folder === '' || (path.startsWith(`${folder}/`) && path.length > folder.length + 1));
}

function requestListing(
  calls: ServerCalls,
  { kind, id }: FileOwner,
  { folder, token }: { readonly folder: string; readonly token: string | undefined },
): Promise<JsonObject> {
  return kind === 'run'
    ? calls.get(`${api}/artifacts/list`, { run_id: id, path: folder || undefined, page_token: token })
    : calls.get(`${api}/logged-models/${id}/artifacts/directories`, {
        artifact_directory_path: folder || undefined,
        page_token: token,
      });
}

function fileOf(
  calls: ServerCalls,
  { kind, id }: FileOwner,
  { path, size }: Pick<SourceFile, 'path' | 'size'>,
): SourceFile {
  const open = (): Promise<AsyncIterable<Uint8Array>> =>
    kind === 'run'
      ? calls.file('/get-artifact', { run_id: id, path }, size)
      : calls.file(
          `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files`,
          { artifact_file_path: path },
          size,
        );
  return { path, size, open };
}

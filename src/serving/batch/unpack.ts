import { PlatformError } from '../../kernel/errors.ts';
import { formatNames } from '../../kernel/format-names.ts';
import { decompressed } from '../../sources/compression.ts';
import type { ContentKind } from '../../sources/content-kind.ts';
import { chooseFiles } from '../../sources/csv/choose-files.ts';

/** Takes the content of the one CSV file in a packed file. */
type Take = (content: AsyncIterable<Uint8Array>) => Promise<void>;

/** How the CSV file in a packed file of this machine is read. @param file its name, for errors */
type Unpack = (path: string, file: string, take: Take) => Promise<void>;

/** By what the file is; others are read as they are. */
export const unpackers: Readonly<Partial<Record<ContentKind, Unpack>>> = {
  gzip: (path, file, take) => take(decompressed(file, path, 'gzip')),
  xz: (path, file, take) => take(decompressed(file, path, 'xz')),
  zip: unzipped,
};

/** @throws PlatformError INPUT_INVALID for a zip without a CSV file, or with several */
async function unzipped(path: string, file: string, take: Take): Promise<void> {
  const { expandZip, zipNames } = await import('../../sources/archive-zip.ts');
  const chosen = chosenMember(await zipNames(path), file);
  await expandZip(file, path, {
    async add(name, content) {
      if (name === chosen) await take(content);
      else for await (const _piece of content);
    },
  });
}

function chosenMember(names: readonly string[], file: string): string {
  if (names.includes('[Content_Types].xml'))
    throw wrongArchive(file, 'a workbook', 'is an Excel workbook: save the sheet as CSV');
  const chosen = chooseFiles(names.map((name) => ({ name }))).map(({ name }) => name);
  const [only, ...more] = chosen;
  if (only !== undefined && more.length === 0) return only;
  throw wrongArchive(file, formatNames(chosen), 'must hold one CSV file: send them one by one');
}

function wrongArchive(file: string, value: string, remedy: string): PlatformError {
  return new PlatformError('INPUT_INVALID', { field: file, value, remedy });
}

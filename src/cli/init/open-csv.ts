import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { digestOf } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatNames } from '../../kernel/format-names.ts';
import { systemCode } from '../../kernel/system-code.ts';
import { formatBytes } from '../../kernel/units.ts';
import { openSnapshot } from '../../sources/archive.ts';
import { chooseFiles } from '../../sources/csv/choose-files.ts';
import type { CsvBytes } from './read-csv.ts';

const mostBytes = 256_000_000;

/**
 * Reads a file as a source does: the CSV in a compressed file or an archive too.
 * @throws PlatformError CONFIG_INVALID for a file that cannot be read, DATA_INVALID for one that is too large or has several
 *   CSV files, SOURCE_UNREADABLE for a damaged archive
 */
export async function openCsv(path: string): Promise<CsvBytes> {
  const file = basename(path);
  const bytes = await readBytes(path);
  const scratch = await mkdtemp(join(tmpdir(), 'modelyard-'));
  try {
    const blobs = { read: async () => bytes, localPath: async () => path };
    const snapshot = [{ name: file, digest: digestOf(bytes), size: bytes.byteLength }];
    const [csv, ...others] = chooseFiles(await openSnapshot(snapshot, { blobs, scratch }));
    if (csv && others.length === 0) return { file, bytes, content: await csv.bytes() };
    throw new PlatformError('DATA_INVALID', {
      field: file,
      value: formatNames([csv, ...others].flatMap((each) => (each ? [each.name] : []))),
      remedy: 'It has several CSV files: unpack it, and give one of them.',
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= mostBytes) return await readFile(path);
    throw new PlatformError('DATA_INVALID', {
      field: basename(path),
      value: formatBytes(size),
      remedy: `Start with a part of it, of ${formatBytes(mostBytes)} at most; the project can take all of it later.`,
    });
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw new PlatformError(
      'CONFIG_INVALID',
      { field: '--csv', value: path, remedy: unreadable(systemCode(cause)) },
      { cause },
    );
  }
}

function unreadable(code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
      return 'must be a CSV file, and there is no such file: check the path';
    case 'EISDIR':
      return 'must be a CSV file, and this is a folder: name a file in it';
    case 'EACCES':
    case 'EPERM':
      return 'must be a CSV file that this user may read';
    case undefined:
      return 'must be a readable CSV file';
    default:
      return `must be a readable CSV file: ${code}`;
  }
}

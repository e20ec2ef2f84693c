import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Digest, digestOf } from '../../kernel/digest.ts';
import type { CheckedTypes } from './check-types.ts';

/** Where the result of a check is stored, and what it depends on besides the files that the compiler reads. */
interface CheckCache {
  readonly path: string;
  readonly setup: Digest;
  readonly inputs: readonly string[];
}

const diagnostic = z.object({
  file: z.string().exactOptional(),
  line: z.number().exactOptional(),
  column: z.number().exactOptional(),
  code: z.string(),
  message: z.string(),
});

const storedCheck = z.object({
  setup: z.string(),
  /** The digest of each file by its path; null for one that cannot be read. */
  digests: z.record(z.string(), z.string().nullable()),
  errors: z.array(diagnostic),
  files: z.array(z.string()),
});

/** The stored result, if all that it depends on is as it was. */
export async function findStored({ path, setup, inputs }: CheckCache): Promise<CheckedTypes | undefined> {
  const text = await readFile(path, 'utf8').catch(() => 'null');
  const stored = storedCheck.safeParse(parse(text)).data;
  if (stored?.setup !== setup || inputs.some((file) => !Object.hasOwn(stored.digests, file)))
    return undefined;
  const now = await digestsOf(Object.keys(stored.digests));
  const isSame = Object.entries(now).every(([file, digest]) => stored.digests[file] === digest);
  return isSame ? { errors: stored.errors, files: stored.files } : undefined;
}

export interface CompilerRun {
  /** The files that the compiler read. */
  readonly read: readonly string[];
  /** In ms since 1970. */
  readonly startedAt: number;
}

/** Stores nothing if a file was saved while the compiler ran: which text it read is not certain. */
export async function storeChecked(
  { path, setup, inputs }: CheckCache,
  checked: CheckedTypes,
  { read, startedAt }: CompilerRun,
): Promise<void> {
  const files = [...new Set([...inputs, ...read.map(changesWith)])];
  const digests = await digestsOf(files);
  const saved = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  if (saved.some((at) => at >= startedAt)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, JSON.stringify({ setup, digests, ...checked }));
  await rename(temporary, path);
}

/** The file itself; of a package the manifest, because another version changes that. */
function changesWith(file: string): string {
  const [folder] = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file) ?? [];
  return folder === undefined ? file : join(folder, 'package.json');
}

async function digestsOf(files: readonly string[]): Promise<Readonly<Record<string, Digest | null>>> {
  const digests = await Promise.all(
    files.map(async (file) => [file, await readFile(file).then(digestOf, () => null)] as const),
  );
  return Object.fromEntries(digests);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { type FSWatcher, watch } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { systemCode } from '../../kernel/system-code.ts';

const settleMs = 120;
const sourceFile = /\.(?:[cm]?[jt]sx?|json)$/;

export interface Watched {
  readonly files: readonly string[];
  /** Whether another source file beside them counts, too: one of them may need it and cannot be read without. */
  readonly neighbours?: boolean;
}

export interface Watcher extends Disposable {
  /** Watches these from now on. A change that was seen before is told all the same. */
  watch(watched: Watched): void;
}

/**
 * Calls `onChange` after a watched file was written. Folders are watched, because editors replace files; several writes
 * at once are one change.
 */
export function openWatcher(onChange: () => void): Watcher {
  let timer: NodeJS.Timeout | undefined;
  let watchers: readonly FSWatcher[] = [];
  const replace = (next: readonly FSWatcher[]): void => {
    for (const watcher of watchers) watcher.close();
    watchers = next;
  };
  return {
    watch({ files, neighbours = false }) {
      const watched = new Set(files.map((file) => resolve(file)));
      const counts = (path: string): boolean => watched.has(path) || (neighbours && sourceFile.test(path));
      const folders = new Set([...watched].map((file) => dirname(file)));
      replace(
        [...folders].map((folder) =>
          watchFolder(folder, (path, isBack) => {
            if (!isBack && !counts(path)) return;
            clearTimeout(timer);
            timer = setTimeout(onChange, settleMs);
          }),
        ),
      );
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      replace([]);
    },
  };
}

/** Watches a folder, or the nearest one above while it is missing: `isBack` when the missing one may be back. */
function watchFolder(folder: string, onPath: (path: string, isBack: boolean) => void): FSWatcher {
  for (let found = folder; ; found = dirname(found))
    try {
      const [missing] = relative(found, folder).split(sep);
      const watcher = watch(found, { persistent: false }, (_event, name) => {
        if (name !== null) onPath(resolve(found, name), name === missing);
      });
      // The folder is gone: the change that removed its files has been seen.
      return watcher.on('error', () => watcher.close());
    } catch (error) {
      if (!isMissing(error) || found === dirname(found)) throw error;
    }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');
}

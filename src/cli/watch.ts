import { type FSWatcher, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';

const settleMs = 120;

/**
 * Calls `onChange` after one of the files was written. Folders are watched, because editors replace files; several
 * writes at once are one change.
 */
export function watchFiles(files: readonly string[], onChange: () => void): Disposable {
  const wanted = new Set(files.map((file) => resolve(file)));
  const folders = new Set([...wanted].map((file) => dirname(file)));
  let timer: NodeJS.Timeout | undefined;
  const watchers = [...folders].map((folder): FSWatcher =>
    watch(folder, { persistent: false }, (_event, name) => {
      if (name === null || !wanted.has(resolve(folder, name))) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, settleMs);
    }),
  );
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

import { fileURLToPath } from 'node:url';

/** How to start a module of ours in a process or thread of its own. */
export interface Entry {
  readonly path: string;
  /** Options for node: a TypeScript source needs a loader, the build needs none. */
  readonly execArgv: readonly string[];
}

/**
 * The module `name` beside the caller, in source (`.ts`) and in the build (`.js`) alike.
 * @param here the caller's `import.meta.url`
 * @param name relative, without its ending: './worker'
 */
export function siblingEntry(here: string, name: `./${string}`): Entry {
  const inSource = new URL(here).pathname.endsWith('.ts');
  const path = fileURLToPath(new URL(`${name}${inSource ? '.ts' : '.js'}`, here));
  return { path, execArgv: inSource ? ['--import', loader()] : [] };
}

/** A module that makes node read TypeScript. `--import tsx` alone does nothing in a thread, only in a process. */
function loader(): string {
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `data:text/javascript,${encodeURIComponent(`import { register } from ${api}; register();`)}`;
}

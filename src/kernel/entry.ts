import { fileURLToPath } from 'node:url';

/** How to start one of our modules in its own process or thread. */
export interface Entry {
  readonly path: string;
  /** Options for node: a TypeScript source needs a loader, the build does not. */
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

/** Lets node read TypeScript. `--import tsx` alone works in a process but not in a thread. */
function loader(): string {
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `data:text/javascript,${encodeURIComponent(`import { register } from ${api}; register();`)}`;
}

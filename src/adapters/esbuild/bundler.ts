import type { BlobStore } from '../../data/blob-store.ts';
import { digestOfJson } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Bundler } from '../../pipeline/ports.ts';
import { callSiteOf } from '../../project/call-sites.ts';
import type { CodeRef } from '../../pipeline/task.ts';
import { findSourceLocation, type SourceLocation } from './source-location.ts';
import { building, type LoadedProject } from './load-project.ts';
import { bundleOptions } from './options.ts';
import { paramsPlugin } from './project-params.ts';
import { userSourceLocation } from './user-error.ts';
import { filesAsMeant, filesAsWritten } from './sources.ts';

/** Raise it when a release of ours makes old results wrong, because bundles or library functions mean something else. */
const format = 1;

/** Names stay as written: minified names would depend on the rest of the files. */
const minified = { minifyWhitespace: true, minifySyntax: true };

/**
 * Bundles functions and schemas of a project: the text to run, and a digest of its meaning. A value is found by identity
 * among the exports of the project's modules, or within them (`score.features`); its key covers everything that the export
 * reaches.
 */
export function openBundler(loaded: LoadedProject, { blobs }: { readonly blobs: BlobStore }): Bundler {
  const { folder, texts, running, params: values, namespaces } = loaded;
  const written = filesAsWritten(texts, values);
  const meant = filesAsMeant(texts, folder, values);
  const exported = Object.keys(namespaces.get('modelyard') ?? {});
  const params = values && paramsPlugin({ kind: 'read', values }, exported, texts);
  const cached = new Map<unknown, Promise<CodeRef>>();
  const bundle = async (value: unknown, field: string): Promise<CodeRef> => {
    const location = findSourceLocation(value, loaded.namespaces);
    if (!location) throw nowhere(value, field, declarationOf(field, loaded));
    const label = `${location.path.join('.')} in ${location.module}`;
    if (!isOwn(location)) {
      const text = `export { ${location.path[0]} as fn } from ${JSON.stringify(location.module)};\n`;
      return {
        key: digestOfJson([format, location.module, location.path]),
        bundle: (await blobs.put(text)).digest,
        label,
        builtIn: true,
      };
    }
    const from = { text: entryFor(location) };
    const [run, meaning] = await Promise.all([
      // With its white space, each import stays on its own line: its path has a different length on every machine,
      // and a source map counts columns.
      building({
        ...bundleOptions({ folder, from, files: written, params }),
        ...running,
        minifySyntax: true,
      }),
      building({ ...bundleOptions({ folder, from, files: meant, params }), ...minified }),
    ]);
    const stored = await blobs.put(textOf(run));
    return { key: digestOfJson([format, withoutFolders(textOf(meaning))]), bundle: stored.digest, label };
  };
  return {
    bundle(value, field) {
      const codeRef = cached.get(value) ?? bundle(value, field);
      cached.set(value, codeRef);
      return codeRef;
    },
  };
}

function isOwn({ module }: SourceLocation): boolean {
  return module !== 'modelyard' && module !== 'modelyard/sources';
}

function entryFor({ module, path: [name, ...within] }: SourceLocation): string {
  const from = JSON.stringify(`./${module}`);
  if (within.length === 0) return `export { ${name} as fn } from ${from};`;
  const steps = within.map((key) => `[${JSON.stringify(key)}]`).join('');
  return `import { ${name} as holder } from ${from};\nexport const fn = holder${steps};`;
}

function textOf(built: Awaited<ReturnType<typeof building>>): string {
  return built.outputFiles?.[0]?.text ?? '';
}

/** esbuild names the modules of CommonJS packages by their paths; the number of '../' depends on the machine. */
function withoutFolders(text: string): string {
  return text.replaceAll(/"(?:\.\.\/)+node_modules\//g, '"node_modules/');
}

function nowhere(value: unknown, field: string, at: string | undefined): PlatformError {
  return new PlatformError('PROJECT_INVALID', {
    field,
    value: typeof value === 'function' ? `function ${value.name || 'without a name'}` : typeof value,
    remedy: 'Export it by name from the module that creates it, so that task processes can import it.',
    ...(at !== undefined && { at }),
  });
}

/** The file and line of the `source`, `step` or `model` call that a field belongs to: 'models.score.features'. */
function declarationOf(field: string, { project, folder }: LoadedProject): string | undefined {
  const owner = [...project.nodes, ...project.models, ...project.forecasts].find(({ kind, name }) =>
    field.startsWith(`${kind}s.${name}.`),
  );
  const callSite = owner && callSiteOf(owner);
  return callSite && userSourceLocation(callSite, folder);
}

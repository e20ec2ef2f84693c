import type { Plugin } from 'esbuild';
import type { JsonObject } from '../../kernel/json.ts';
import type { GivenParam } from '../../project/params.ts';
import type { Texts } from './sources.ts';

/** Where a bundle gets its params from: from people when the project is loaded, later from what was read then. */
export type ParamSource =
  | { readonly kind: 'given'; readonly given: readonly GivenParam[] }
  | { readonly kind: 'read'; readonly values: JsonObject };

/** The module with `readParams`, for the load of a project. */
export const paramsModule = 'modelyard/with-params';

const braced = /\{[^}]*\bparams\b[^}]*\}\s*from\s*['"]modelyard['"]/;
const whole = /\*\s*as\s+\w+\s+from\s*['"]modelyard['"]/;

/** Whether a file of a project gets `params` from Modelyard. */
export function importsParams(text: string): boolean {
  return braced.test(text) || (whole.test(text) && /\.\s*params\s*\(/.test(text));
}

/**
 * Gives the project's `params` their values. They become constants of the bundle, so that a task, the server and a version
 * that is loaded years later see the same ones, and so that they are part of the key of a function that reaches them.
 * @param exported the names of Modelyard's exports
 */
export function paramsPlugin(source: ParamSource, exported: readonly string[], texts: Texts): Plugin {
  return {
    name: 'modelyard-params',
    setup(build) {
      build.onResolve({ filter: /^modelyard(?:\/with-params)?$/ }, ({ path, importer }) =>
        path === paramsModule || importsParams(texts.get(importer) ?? '')
          ? { path: 'params', namespace: 'modelyard', sideEffects: false }
          : undefined,
      );
      build.onLoad({ filter: /^params$/, namespace: 'modelyard' }, () => ({
        contents: `export { ${exported.filter((name) => name !== 'params').join(', ')} } from 'modelyard/self';\n${textOf(source)}`,
        loader: 'js',
      }));
      build.onResolve({ filter: /^modelyard\/self$/ }, () => ({
        path: 'modelyard',
        external: true,
        sideEffects: false,
      }));
    },
  };
}

function textOf(source: ParamSource): string {
  if (source.kind === 'read')
    return `const values = ${JSON.stringify(source.values)};\nexport const params = () => values;\n`;
  return `import { paramsReader } from 'modelyard/project-params';
const reader = paramsReader(${JSON.stringify(source.given)});
export const { params, read: readParams } = reader;
`;
}

const destructured = /\bconst\s*\{([\s\w$,:]*)\}\s*=\s*params\s*\(/g;

/** `const { live, rows } = params(…)` as a constant for each, so that a function depends only on those that it reaches. */
export function withConstantParams(text: string, values: JsonObject | undefined): string {
  if (!values || !importsParams(text)) return text;
  return text.replaceAll(destructured, (match, names: string) => {
    const constants = names
      .split(',')
      .map((entry) => entry.split(':').map((part) => part.trim()))
      .filter(([name]) => name !== '')
      .map(([name = '', alias = name]) => `${alias} = ${JSON.stringify(values[name]) ?? 'undefined'}`);
    const lines = '\n'.repeat(match.split('\n').length - 1);
    return `const ${constants.map((each) => `${each}, `).join('')}modelyardParams = ${lines}params(`;
  });
}

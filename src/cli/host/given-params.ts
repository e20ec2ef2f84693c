import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { PlatformError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import { systemCode } from '../../kernel/system-code.ts';
import type { GivenParam } from '../../project/params.ts';

export interface ParamInputs {
  readonly projectFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Each 'name=value', from the command line. */
  readonly set: readonly string[];
}

export interface GivenParams {
  readonly given: readonly GivenParam[];
  /** The path of params.yaml, and its text if it exists. */
  readonly file: { readonly path: string; readonly text: string | undefined };
}

const prefix = 'MODELYARD_PARAM_';

/**
 * What people set: params.yaml, then the environment, then --set, so that later ones win.
 * @throws PlatformError CONFIG_INVALID naming the file, option or variable
 */
export async function readGivenParams({ projectFolder, env, set }: ParamInputs): Promise<GivenParams> {
  const path = join(projectFolder, 'params.yaml');
  const text = await paramsText(path);
  return {
    given: [...fromFile(text ?? ''), ...fromEnvironment(env), ...set.map(fromOption)],
    file: { path, text },
  };
}

/** @returns undefined without a file */
export async function paramsText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw invalid('params.yaml', systemCode(cause), 'must be a file that this user can read');
  }
}

function fromFile(text: string): readonly GivenParam[] {
  const document = parsed(text);
  if (document === null || document === undefined) return [];
  if (typeof document !== 'object' || Array.isArray(document))
    throw invalid('params.yaml', document, 'must be a map of names to values, such as "live: true"');
  return Object.entries(document).map(([name, value]) => ({
    name,
    value: value as Json,
    isText: false,
    field: `${name} in params.yaml`,
  }));
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause;
    const line = cause.linePos?.[0].line;
    const field = line === undefined ? 'params.yaml' : `params.yaml, line ${line}`;
    throw invalid(field, cause.message.split('\n')[0], 'must be YAML');
  }
}

function fromOption(option: string): GivenParam {
  const at = option.indexOf('=');
  const name = option.slice(0, at);
  if (at > 0) return { name, value: option.slice(at + 1), isText: true, field: `--set ${name}` };
  throw invalid('--set', option, 'must be name=value, such as --set live=true');
}

/** A variable's name says less than a param's: MAX_ROWS is maxRows or max_rows, whichever the project has. */
function fromEnvironment(env: ParamInputs['env']): readonly GivenParam[] {
  return Object.entries(env).flatMap(([variable, value]) =>
    variable.startsWith(prefix) && value !== undefined
      ? [{ name: variable, value, isText: true, field: variable }]
      : [],
  );
}

function invalid(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', { field, value, remedy });
}

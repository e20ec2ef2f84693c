import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorBody, PlatformError, platformError } from '../../kernel/errors.ts';
import { systemCode } from '../../kernel/system-code.ts';
import type { Launcher } from '../../pipeline/ports.ts';
import type { TaskEvent } from '../../pipeline/task.ts';

export type ReadSecret = (name: string) => string;

/**
 * Secrets from the environment, else from files named for them in MODELYARD_SECRETS_DIR, without the last line break.
 * Files are read each time, since a mounted secret can change.
 */
export function openSecrets(env: Readonly<Record<string, string | undefined>>): ReadSecret {
  return (name) => {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name))
      throw invalid(name, 'must be named in upper-case letters, digits and _, such as API_KEY', name);
    const value = env[name] ?? fromFile(env['MODELYARD_SECRETS_DIR'], name);
    if (value !== undefined && value !== '') return value;
    const folder = env['MODELYARD_SECRETS_DIR'];
    const file = folder
      ? `write the file ${join(folder, name)}`
      : `name a folder with a file ${name} in MODELYARD_SECRETS_DIR`;
    throw invalid(name, `has no value: set the variable ${name}, or ${file}`, value);
  };
}

function fromFile(folder: string | undefined, name: string): string | undefined {
  if (!folder) return undefined;
  try {
    return readFileSync(join(folder, name), 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw invalid(name, `must be a file that this user can read: ${systemCode(cause)}`, join(folder, name));
  }
}

function invalid(name: string, remedy: string, value: unknown): PlatformError {
  return new PlatformError('CONFIG_INVALID', { field: `secret ${name}`, value, remedy });
}

/** Masks secrets in log lines, events and errors of tasks: those of the task, and of tasks before it. */
export function maskingLauncher(launcher: Launcher, secret: ReadSecret): Launcher {
  const names = new Set<string>();
  return {
    async launch(spec, { onEvent, signal }) {
      for (const name of spec.secrets ?? []) names.add(name);
      const values = [...names].map(secret);
      if (values.length === 0) return launcher.launch(spec, { onEvent, signal });
      const mask = maskOf(values);
      try {
        return await launcher.launch(spec, { signal, onEvent: (event) => onEvent(mask(event) as TaskEvent) });
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        throw platformError(mask(error.toJSON()) as ErrorBody);
      }
    },
  };
}

/** Replaces secrets in every text of a JSON value, as written and as a URL writes them. */
function maskOf(secrets: readonly string[]): (value: unknown) => unknown {
  const texts = [...new Set(secrets.flatMap((each) => [each, encodeURIComponent(each)]))]
    .filter((text) => text !== '')
    .toSorted((a, b) => b.length - a.length);
  const masked = (value: unknown): unknown => {
    if (typeof value === 'string') return texts.reduce((text, each) => text.replaceAll(each, '***'), value);
    if (Array.isArray(value)) return value.map(masked);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, masked(each)]));
  };
  return masked;
}

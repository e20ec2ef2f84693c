import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import type { Config } from './config.ts';

const configName = 'modelyard.config.ts';

/** Where a project and its state lie. */
export interface Workspace {
  readonly configPath: string;
  readonly projectFolder: string;
  readonly stateFolder: string;
}

/** @throws PlatformError CONFIG_INVALID when there is no project file */
export function findWorkspace(config: Pick<Config, 'project' | 'state'>, from: string): Workspace {
  // Without links, as the frames of a trace have it.
  const configPath = realpathSync(
    config.project === undefined ? nearest(from) : named(resolve(from, config.project)),
  );
  const projectFolder = dirname(configPath);
  const stateFolder =
    config.state === undefined ? join(projectFolder, '.modelyard') : resolve(from, config.state);
  return { configPath, projectFolder, stateFolder };
}

function named(path: string): string {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, configName) : path;
  if (existsSync(file)) return file;
  throw new PlatformError('CONFIG_INVALID', {
    field: '--project',
    value: file,
    remedy: `must be a folder with a ${configName}, or such a file`,
  });
}

function nearest(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const file = join(folder, configName);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) break;
  }
  throw new PlatformError('CONFIG_INVALID', {
    field: configName,
    value: from,
    remedy:
      'No project in this folder or above: go to your project, choose it with --project, or create one with `modelyard init <name>`.',
  });
}

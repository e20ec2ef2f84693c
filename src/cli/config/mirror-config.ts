import { PlatformError } from '../../kernel/errors.ts';
import type { MlflowCredentials } from '../../adapters/mlflow/client.ts';

/** The MLflow server that every change is sent to. */
export interface MirrorConfig {
  readonly url: string;
  /** @default those in the address, or none */
  readonly credentials: MlflowCredentials | undefined;
  /** Put before the names of experiments there. */
  readonly prefix: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Absent if MODELYARD_MIRROR is not set. @throws PlatformError CONFIG_INVALID */
export function readMirror(env: Environment): MirrorConfig | undefined {
  const url = env['MODELYARD_MIRROR'] || undefined;
  if (url === undefined) return undefined;
  const { protocol = '' } = URL.canParse(url) ? new URL(url) : {};
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new PlatformError('CONFIG_INVALID', {
      field: 'MODELYARD_MIRROR',
      value: url.replace(/\/\/[^/@]*@/, '//…@'),
      remedy: 'must be the address of an MLflow server with http:// or https://',
    });
  return { url, credentials: readCredentials(env), prefix: env['MODELYARD_MIRROR_PREFIX'] ?? '' };
}

function readCredentials(env: Environment): MlflowCredentials | undefined {
  const token = env['MODELYARD_MIRROR_TOKEN'] || undefined;
  if (token !== undefined) return { kind: 'token', token };
  const username = env['MODELYARD_MIRROR_USERNAME'] || undefined;
  const password = env['MODELYARD_MIRROR_PASSWORD'] || undefined;
  if (username !== undefined && password !== undefined) return { kind: 'password', username, password };
  if (username === password) return undefined;
  throw new PlatformError('CONFIG_INVALID', {
    field: username === undefined ? 'MODELYARD_MIRROR_USERNAME' : 'MODELYARD_MIRROR_PASSWORD',
    value: undefined,
    remedy: 'Set both the user name and the password, or MODELYARD_MIRROR_TOKEN.',
  });
}

import { PlatformError } from '../../kernel/errors.ts';
import type { WebhookReach } from '../../registry/webhooks/addresses.ts';
import { allowedReceivers } from '../../registry/webhooks/receivers.ts';

/** What the operator of the server allows its registry. */
export interface RegistryConfig {
  readonly webhookReach: WebhookReach;
  /** Sources that a version may be registered with, beside the checks that are always made. @default any */
  readonly allowedSource?: RegExp;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Webhooks may go to receivers named in MODELYARD_WEBHOOK_HOSTS beside public addresses over https. MLflow's own settings
 * of webhooks and of model sources count too, so that a server that takes the place of MLflow's allows what that one did.
 * @throws PlatformError CONFIG_INVALID
 */
export function readRegistryConfig(env: Environment): RegistryConfig {
  const allowedSource = readPattern('MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX', env);
  return { webhookReach: readReach(env), ...(allowedSource && { allowedSource }) };
}

function readReach(env: Environment): WebhookReach {
  const field = 'MODELYARD_WEBHOOK_HOSTS';
  const schemes = (env['MLFLOW_WEBHOOK_ALLOWED_SCHEMES'] ?? '').split(',').map((scheme) => scheme.trim());
  const anywhere = (env['MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS'] ?? '').trim().toLowerCase();
  return {
    receivers: allowedReceivers(env[field] ?? '', field),
    plainHttp: schemes.includes('http'),
    privateAddresses: anywhere === 'true' || anywhere === '1',
  };
}

function readPattern(field: string, env: Environment): RegExp | undefined {
  const value = env[field];
  if (!value) return undefined;
  try {
    return new RegExp(value, 'u');
  } catch (cause) {
    const remedy = 'Write a regular expression: ^mlflow-artifacts:/.*$ for sources in this server alone.';
    throw new PlatformError('CONFIG_INVALID', { field, value, remedy }, { cause });
  }
}

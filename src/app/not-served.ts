import { PlatformError } from '../kernel/errors.ts';
import { formatVerdict, promoteCommand } from '../registry/format-verdict.ts';
import type { RegistryStore } from '../registry/store.ts';
import type { HostedModel } from './hosted-models.ts';
import { metricFormatOf } from './model-views.ts';

/**
 * Why an endpoint serves nothing. To try again helps unless its latest version was held: that needs a better version, or a
 * person who promotes it.
 */
export async function notServed(
  { endpoint, model }: Pick<HostedModel, 'endpoint' | 'model'>,
  registry: Pick<RegistryStore, 'listVerdicts'>,
): Promise<PlatformError> {
  const field = `${model.name}@${endpoint.alias}`;
  const problem = endpoint.problem();
  if (problem) return new PlatformError('NOT_READY', problem.detail);
  const verdicts = await registry.listVerdicts(model.name);
  const latest = verdicts
    .filter(({ alias }) => alias === endpoint.alias)
    .reduce<(typeof verdicts)[number] | undefined>(
      (last, each) => (last && last.id > each.id ? last : each),
      undefined,
    );
  if (latest?.decision.kind !== 'hold') {
    const remedy = 'Run the project: the first version that passes the gate is served.';
    return new PlatformError('NOT_READY', { field, value: 'no version', remedy });
  }
  const why = formatVerdict(latest, metricFormatOf(model));
  const command = promoteCommand(model.name, latest.facts);
  const remedy = `Version ${latest.version} is ${why}.${why.includes(command) ? '' : ` To serve it all the same: ${command}.`}`;
  return new PlatformError('VERSION_HELD', { field, value: 'no version', remedy });
}

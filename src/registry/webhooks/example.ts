import type { WebhookEvent, WebhookEventType } from './model.ts';

/** Sent to test a webhook: the same values as MLflow's servers send, so that receivers recognize a test. */
export function exampleOf({ entity, action }: WebhookEventType): WebhookEvent {
  const name = entity.startsWith('PROMPT') ? 'example_prompt' : 'example_model';
  const version = '1';
  const key = 'example_key';
  const change = action === 'DELETED' ? {} : { value: 'example_value' };
  switch (entity) {
    case 'REGISTERED_MODEL':
      return { entity, action, data: { name, ...described('registered model') } };
    case 'PROMPT':
      return { entity, action, data: { name, ...described('prompt') } };
    case 'MODEL_VERSION': {
      const details = { source: 'models:/123', run_id: 'abcd1234abcd5678', ...described('model version') };
      return { entity, action, data: { name, version, ...details } };
    }
    case 'PROMPT_VERSION': {
      const details = { template: 'Hello {{name}}!', ...described('prompt version') };
      return { entity, action, data: { name, version, ...details } };
    }
    case 'MODEL_VERSION_TAG':
    case 'PROMPT_VERSION_TAG':
      return { entity, action, data: { name, version, key, ...change } };
    case 'PROMPT_TAG':
      return { entity, action, data: { name, key, ...change } };
    case 'MODEL_VERSION_ALIAS':
    case 'PROMPT_ALIAS': {
      const to = action === 'DELETED' ? {} : { version };
      return { entity, action, data: { name, alias: 'example_alias', ...to } };
    }
  }
}

function described(what: string): Readonly<Record<string, unknown>> {
  return { tags: { example_key: 'example_value' }, description: `An example ${what}` };
}

import type { WebhookEvent, WebhookEventType } from './model.ts';

/** What is sent to try a webhook out: the very values that MLflow's servers send, by which receivers know a trial. */
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
      const made = { source: 'models:/123', run_id: 'abcd1234abcd5678', ...described('model version') };
      return { entity, action, data: { name, version, ...made } };
    }
    case 'PROMPT_VERSION': {
      const made = { template: 'Hello {{name}}!', ...described('prompt version') };
      return { entity, action, data: { name, version, ...made } };
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

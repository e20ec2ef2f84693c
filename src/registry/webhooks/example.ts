import type { Happening, WebhookEvent } from './model.ts';

/** What is sent to try a webhook out: the members that a real event of the kind has. */
export function exampleOf({ entity, action }: WebhookEvent): Happening {
  const name = entity.startsWith('PROMPT') ? 'example-prompt' : 'example-model';
  const change = action === 'DELETED' ? {} : { value: 'example-value' };
  switch (entity) {
    case 'REGISTERED_MODEL':
    case 'PROMPT':
      return { entity, action, data: { name, tags: { example: 'true' }, description: 'An example' } };
    case 'MODEL_VERSION':
      return { entity, action, data: { ...versionExample(name), source: 'models:/m-0123', run_id: '0123' } };
    case 'PROMPT_VERSION':
      return { entity, action, data: { ...versionExample(name), template: 'Hello {{name}}!' } };
    case 'MODEL_VERSION_TAG':
    case 'PROMPT_VERSION_TAG':
      return { entity, action, data: { name, version: '1', key: 'example-key', ...change } };
    case 'PROMPT_TAG':
      return { entity, action, data: { name, key: 'example-key', ...change } };
    case 'MODEL_VERSION_ALIAS':
    case 'PROMPT_ALIAS': {
      const to = action === 'DELETED' ? {} : { version: '1' };
      return { entity, action, data: { name, alias: 'example-alias', ...to } };
    }
  }
}

function versionExample(name: string): Readonly<Record<string, unknown>> {
  return { name, version: '1', tags: { example: 'true' }, description: 'An example' };
}

import { expect, test } from 'vitest';
import { exampleOf } from './example.ts';
import { modelCreated, versionCreated } from './event.ts';
import { webhookEvents, type WebhookAction, type WebhookEntity } from './model.ts';

const tags = {
  'mlflow.prompt.is_prompt': 'true',
  _mlflow_prompt_type: 'text',
  'mlflow.prompt.text': 'Hi {{name}}',
  team: 'blue',
};
const version = { model: 'm', source: 's3://b/k', runId: undefined, tags, description: '' };

test('a prompt is told without the tags by which it is one', () => {
  expect(modelCreated({ name: 'm', tags, description: '' }, true).data).toEqual({
    name: 'm',
    tags: { team: 'blue' },
    description: '',
  });
  expect(versionCreated(version, '3', true).data).toEqual({
    name: 'm',
    version: '3',
    template: 'Hi {{name}}',
    tags: { team: 'blue' },
    description: null,
  });
  const bare = { ...version, tags: {}, description: 'd' };
  expect(versionCreated(bare, '3', true).data).toMatchObject({ template: null, description: 'd' });
});

test('a model is told with all of its tags, and null for what nobody said', () => {
  expect(modelCreated({ name: 'm', tags, description: 'd' }, false).data['tags']).toEqual(tags);
  expect(versionCreated(version, '3', false).data).toEqual({
    name: 'm',
    version: '3',
    source: 's3://b/k',
    run_id: null,
    tags,
    description: null,
  });
});

test.each([
  [
    'MODEL_VERSION',
    'CREATED',
    {
      name: 'example_model',
      version: '1',
      source: 'models:/123',
      run_id: 'abcd1234abcd5678',
      tags: { example_key: 'example_value' },
      description: 'An example model version',
    },
  ],
  [
    'PROMPT',
    'CREATED',
    {
      name: 'example_prompt',
      tags: { example_key: 'example_value' },
      description: 'An example prompt',
    },
  ],
  [
    'MODEL_VERSION_TAG',
    'SET',
    { name: 'example_model', version: '1', key: 'example_key', value: 'example_value' },
  ],
  ['PROMPT_TAG', 'DELETED', { name: 'example_prompt', key: 'example_key' }],
  ['PROMPT_ALIAS', 'CREATED', { name: 'example_prompt', alias: 'example_alias', version: '1' }],
] as const)('a trial of %s %s sends what receivers of MLflow expect', (entity, action, data) => {
  expect(exampleOf({ entity, action })).toEqual({ entity, action, data });
});

test('a trial has the members of the event itself', () => {
  const entities = Object.entries(webhookEvents) as [WebhookEntity, readonly WebhookAction[]][];
  for (const [entity, actions] of entities)
    for (const action of actions) {
      const { data } = exampleOf({ entity, action });
      expect(['value' in data, 'version' in data && entity.endsWith('ALIAS')]).toEqual([
        action === 'SET',
        action === 'CREATED' && entity.endsWith('ALIAS'),
      ]);
    }
});

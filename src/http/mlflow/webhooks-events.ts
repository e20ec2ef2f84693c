import { webhookEvents, type WebhookEventType } from '../../registry/webhooks/model.ts';
import { mlflowError } from './wire/errors.ts';
import { pythonQuoted } from './wire/format-python.ts';

/** An event on the wire; names in order of their numbers in MLflow's enums. */
export const eventFields = {
  entity: {
    type: 'enum',
    required: true,
    values: [
      'REGISTERED_MODEL',
      'MODEL_VERSION',
      'MODEL_VERSION_TAG',
      'MODEL_VERSION_ALIAS',
      'PROMPT',
      'PROMPT_VERSION',
      'PROMPT_TAG',
      'PROMPT_VERSION_TAG',
      'PROMPT_ALIAS',
    ],
  },
  action: { type: 'enum', required: true, values: ['CREATED', 'UPDATED', 'DELETED', 'SET'] },
} as const;

/** @throws MlflowError INVALID_PARAMETER_VALUE for an event that never happens: an alias is set and deleted, not updated */
export function eventOf({
  entity,
  action,
}: {
  readonly entity: (typeof eventFields.entity.values)[number];
  readonly action: (typeof eventFields.action.values)[number];
}): WebhookEventType {
  const validAction = webhookEvents[entity].find((each) => each === action);
  if (validAction) return { entity, action: validAction };
  const valid = webhookEvents[entity].map((each) => pythonQuoted(each.toLowerCase())).join(', ');
  throw mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid action '${action.toLowerCase()}' for entity '${entity.toLowerCase()}'. Valid actions are: [${valid}]`,
  );
}

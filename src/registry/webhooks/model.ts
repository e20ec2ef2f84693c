/** What can happen, in MLflow's words. Prompts are models with a tag, and have events of their own. */
export const webhookEvents = {
  REGISTERED_MODEL: ['CREATED'],
  MODEL_VERSION: ['CREATED'],
  MODEL_VERSION_TAG: ['SET', 'DELETED'],
  MODEL_VERSION_ALIAS: ['CREATED', 'DELETED'],
  PROMPT: ['CREATED'],
  PROMPT_VERSION: ['CREATED'],
  PROMPT_TAG: ['SET', 'DELETED'],
  PROMPT_VERSION_TAG: ['SET', 'DELETED'],
  PROMPT_ALIAS: ['CREATED', 'DELETED'],
} as const;

export type WebhookEntity = keyof typeof webhookEvents;
export type WebhookAction = (typeof webhookEvents)[WebhookEntity][number];
export type WebhookStatus = 'ACTIVE' | 'DISABLED';

export interface WebhookEventType {
  readonly entity: WebhookEntity;
  readonly action: WebhookAction;
}

/** An address that is told of events. Its secret signs what is sent and is never given out. */
export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly url: string;
  readonly events: readonly WebhookEventType[];
  readonly status: WebhookStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A webhook with its secret as it is kept: sealed. Absent: what is sent carries no signature. */
export interface StoredWebhook extends Webhook {
  readonly sealedSecret: string | undefined;
}

/** Something that happened, as it is told. */
export interface WebhookEvent extends WebhookEventType {
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event on its way to one webhook. */
export interface Delivery extends WebhookEvent {
  /** The same at each attempt, so that a receiver knows what it has already. */
  readonly id: string;
  readonly webhook: StoredWebhook;
  readonly happenedAt: number;
  /** This one counted: 1, 2, 3 … */
  readonly attempt: number;
}

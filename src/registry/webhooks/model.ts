/** The events, in MLflow's names. Prompts are models with a tag, and have their own events. */
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

/** An address that receives events. Its secret signs requests and is never returned. */
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

/** A webhook with its sealed secret. Without one, requests are not signed. */
export interface StoredWebhook extends Webhook {
  readonly sealedSecret: string | undefined;
}

/** An event as it is sent. */
export interface WebhookEvent extends WebhookEventType {
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event on its way to one webhook. */
export interface Delivery extends WebhookEvent {
  /** The same for each attempt, so that a receiver can recognize a repeat. */
  readonly id: string;
  readonly webhook: StoredWebhook;
  readonly happenedAt: number;
  /** Including this one: 1, 2, 3 … */
  readonly attempt: number;
}

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isWebhookName } from '../../registry/names.ts';
import { refusalOf, type WebhookReach } from '../../registry/webhooks/addresses.ts';
import { attempt, type Outcome } from '../../registry/webhooks/delivery.ts';
import { exampleOf } from '../../registry/webhooks/example.ts';
import type { StoredWebhook, Webhook, WebhookEventType } from '../../registry/webhooks/model.ts';
import type { SecretBox } from '../../registry/webhooks/secret-box.ts';
import type { Send } from '../../registry/webhooks/send.ts';
import type { WebhookStore } from '../../registry/webhooks/store.ts';
import { refuse, some } from './registered-models-wire.ts';
import { eventOf, eventFields } from './webhooks-events.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import { pythonQuoted } from './wire/format-python.ts';
import type { WireObject } from './wire/json.ts';
import { offsetOf, offsetToken } from './wire/page-token.ts';

/** The services of the webhook endpoints. */
export interface WebhookServices {
  readonly webhooks: {
    readonly store: WebhookStore;
    readonly secrets: SecretBox;
    readonly send: Send;
    readonly reach: WebhookReach;
    readonly now: Clock;
  };
}

const text = { type: 'string' } as const;
const needed = { type: 'string', required: true } as const;
const id = { webhook_id: needed } as const;
const events = { type: 'message', repeated: true, fields: eventFields } as const;
const status = { type: 'enum', values: ['ACTIVE', 'DISABLED'] } as const;
const defaultPage = 100;
const largestPage = 1000;

/** Webhooks: receivers of registry events. */
export const webhookEndpoints: readonly Endpoint<WebhookServices>[] = [
  endpoint({
    methods: ['POST'],
    path: '/mlflow/webhooks',
    versions: ['2.0'],
    permission: 'manage',
    fields: {
      name: needed,
      url: needed,
      events: { ...events, required: true },
      description: text,
      secret: text,
      status,
    },
    async handle(input, { webhooks }: WebhookServices) {
      const at = webhooks.now();
      checkWebhookName(input.name);
      refuse(refusalOf(input.url, webhooks.reach));
      if (input.events.length === 0)
        throw mlflowError(
          'INVALID_PARAMETER_VALUE',
          'Webhook events must be a non-empty list of WebhookEvent objects: [].',
        );
      const webhook: StoredWebhook = {
        id: randomUUID(),
        name: input.name,
        description: input.description,
        url: input.url,
        events: input.events.map(eventOf),
        status: input.status ?? 'ACTIVE',
        sealedSecret: input.secret ? webhooks.secrets.seal(input.secret) : undefined,
        createdAt: at,
        updatedAt: at,
      };
      await webhooks.store.create(webhook);
      return { webhook: webhookWire(webhook) };
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/webhooks',
    versions: ['2.0'],
    permission: 'manage',
    fields: { max_results: { type: 'int32' }, page_token: text },
    async handle(input, { webhooks }: WebhookServices) {
      const offset = offsetOf(input.page_token);
      const limit = pageLimit(input.max_results);
      const found = await webhooks.store.list({ limit: limit + 1, offset });
      const next_page_token = found.length > limit ? offsetToken(offset + limit) : undefined;
      return { webhooks: some(found.slice(0, limit).map(webhookWire)), next_page_token };
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/webhooks/:webhook_id',
    versions: ['2.0'],
    permission: 'manage',
    fields: id,
    async handle({ webhook_id }, { webhooks }: WebhookServices) {
      return { webhook: webhookWire(await webhookOf(webhook_id, webhooks.store)) };
    },
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/mlflow/webhooks/:webhook_id',
    versions: ['2.0'],
    permission: 'manage',
    fields: { ...id, name: text, url: text, events, description: text, secret: text, status },
    async handle(input, { webhooks }: WebhookServices) {
      const { name, url, description, secret } = input;
      if (name !== undefined) checkWebhookName(name);
      refuse(url === undefined ? undefined : refusalOf(url, webhooks.reach));
      const change = {
        ...(name !== undefined && { name }),
        ...(url !== undefined && { url }),
        ...(description !== undefined && { description }),
        ...(secret && { sealedSecret: webhooks.secrets.seal(secret) }),
        ...(input.status && { status: input.status }),
        ...(input.events.length > 0 && { events: input.events.map(eventOf) }),
      };
      const changed = webhooks.store.change(input.webhook_id, change, webhooks.now());
      return { webhook: webhookWire(await withMlflowErrors(changed)) };
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/webhooks/:webhook_id',
    versions: ['2.0'],
    permission: 'manage',
    fields: id,
    async handle({ webhook_id }, { webhooks }: WebhookServices) {
      await withMlflowErrors(webhooks.store.delete(webhook_id));
      return {};
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/webhooks/:webhook_id/test',
    versions: ['2.0'],
    permission: 'manage',
    fields: { ...id, event: { type: 'message', fields: eventFields } },
    async handle(input, { webhooks }: WebhookServices) {
      const webhook = await webhookOf(input.webhook_id, webhooks.store);
      const event: WebhookEventType | undefined = input.event ? eventOf(input.event) : webhook.events[0];
      if (!event)
        throw mlflowError('INVALID_PARAMETER_VALUE', 'This webhook has no events. Name one in `event`.');
      const tried = { ...exampleOf(event), id: randomUUID(), webhook, happenedAt: webhooks.now() };
      return { result: resultWire(await attempt(tried, webhooks)) };
    },
  }),
];

/** @throws MlflowError INVALID_PARAMETER_VALUE */
function checkWebhookName(name: string): void {
  if (isWebhookName(name)) return;
  throw mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Webhook name ${pythonQuoted(name)} is invalid. It must start and end with a letter or digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`,
  );
}

/** As in protobuf, 0 is an unset number. @throws MlflowError INVALID_PARAMETER_VALUE */
function pageLimit(maxResults: number | undefined): number {
  if (!maxResults) return defaultPage;
  if (maxResults >= 1 && maxResults <= largestPage) return maxResults;
  throw mlflowError('INVALID_PARAMETER_VALUE', `max_results must be between 1 and ${largestPage}.`);
}

/** Without the secret. */
function webhookWire(webhook: Webhook): WireObject {
  return {
    webhook_id: webhook.id,
    name: webhook.name,
    description: webhook.description,
    url: webhook.url,
    events: webhook.events.map(({ entity, action }) => ({ entity, action })),
    status: webhook.status,
    creation_timestamp: webhook.createdAt,
    last_updated_timestamp: webhook.updatedAt,
  };
}

function resultWire(outcome: Outcome): WireObject {
  if ('error' in outcome) return { success: false, error_message: outcome.error };
  return { success: outcome.status < 300, response_status: outcome.status, response_body: outcome.body };
}

async function webhookOf(webhookId: string, store: WebhookStore): Promise<StoredWebhook> {
  const webhook = await store.find(webhookId);
  if (webhook) return webhook;
  throw noWebhook(webhookId);
}

async function withMlflowErrors<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'WEBHOOK_NOT_FOUND')
      throw noWebhook(String(error.detail.value));
    throw error;
  }
}

function noWebhook(webhookId: string): Error {
  return mlflowError('RESOURCE_DOES_NOT_EXIST', `Webhook with ID ${webhookId} not found.`);
}

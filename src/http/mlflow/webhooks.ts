import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { webhookNameFault } from '../../registry/names.ts';
import { refusalOf, type WebhookReach } from '../../registry/webhooks/addresses.ts';
import { tell, type Told } from '../../registry/webhooks/delivery.ts';
import { exampleOf } from '../../registry/webhooks/example.ts';
import type { StoredWebhook, Webhook, WebhookEventType } from '../../registry/webhooks/model.ts';
import type { SecretBox } from '../../registry/webhooks/secret-box.ts';
import type { Send } from '../../registry/webhooks/send.ts';
import type { WebhookStore } from '../../registry/webhooks/store.ts';
import { pageSize, refuse, some } from './registered-models-wire.ts';
import { eventOf, eventFields } from './webhooks-events.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import type { WireObject } from './wire/json.ts';
import { offsetOf, offsetToken } from './wire/page-token.ts';

/** What the endpoints of webhooks work on. */
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
const mostOfPage = 1000;

/** Webhooks: whom to tell of what happens in the registry. */
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
      refuse(webhookNameFault(input.name) ?? refusalOf(input.url, webhooks.reach));
      if (input.events.length === 0)
        throw mlflowError('INVALID_PARAMETER_VALUE', 'Webhook events must be a non-empty list.');
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
    fields: { max_results: { type: 'int32', maximum: mostOfPage }, page_token: text },
    async handle(input, { webhooks }: WebhookServices) {
      const offset = offsetOf(input.page_token);
      const limit = pageSize(input.max_results, 100);
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
      refuse(name === undefined ? undefined : webhookNameFault(name));
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
      return { webhook: webhookWire(await inWords(changed)) };
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/webhooks/:webhook_id',
    versions: ['2.0'],
    permission: 'manage',
    fields: id,
    async handle({ webhook_id }, { webhooks }: WebhookServices) {
      await inWords(webhooks.store.delete(webhook_id));
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
      if (!event) throw mlflowError('INVALID_PARAMETER_VALUE', 'The webhook waits for no event: give one.');
      const tried = { ...exampleOf(event), id: randomUUID(), webhook, happenedAt: webhooks.now() };
      return { result: resultWire(await tell(tried, webhooks)) };
    },
  }),
];

/** The secret stays here. */
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

function resultWire(told: Told): WireObject {
  if ('error' in told) return { success: false, error_message: told.error };
  return { success: told.status < 300, response_status: told.status, response_body: told.body };
}

async function webhookOf(webhookId: string, store: WebhookStore): Promise<StoredWebhook> {
  const webhook = await store.find(webhookId);
  if (webhook) return webhook;
  throw noWebhook(webhookId);
}

async function inWords<Result>(work: Promise<Result>): Promise<Result> {
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

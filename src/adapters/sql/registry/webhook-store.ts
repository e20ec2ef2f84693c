import type { Kysely, Selectable } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type {
  Delivery,
  StoredWebhook,
  WebhookEventType,
  WebhookStatus,
} from '../../../registry/webhooks/model.ts';
import type { WebhookChange, WebhookStore } from '../../../registry/webhooks/store.ts';
import type { Database, Transaction } from '../database.ts';
import { fromColumn } from '../json-column.ts';
import type { Tables } from '../tables.ts';

/** Webhooks and their queue in a SQL database. */
export function sqlWebhookStore(database: Database): WebhookStore {
  const { sql, read, transaction } = database;
  return {
    create: (webhook) =>
      transaction(async ({ run }) => {
        const { id, name, url, status, events } = webhook;
        const row = {
          id,
          name,
          url,
          status,
          description: webhook.description ?? null,
          secret: webhook.sealedSecret ?? null,
          created_at: webhook.createdAt,
          updated_at: webhook.updatedAt,
        };
        await run([sql.insertInto('webhooks').values(row), ...eventInserts(sql, id, events)]);
      }),
    async find(id) {
      const webhooks = sql.selectFrom('webhooks').selectAll().where('id', '=', id);
      const [rows, events] = await read([webhooks, eventsOf(sql).where('webhook_id', '=', id)]);
      return webhooksOf(rows.rows, events.rows)[0];
    },
    async list({ limit, offset }) {
      const webhooks = sql
        .selectFrom('webhooks')
        .orderBy('created_at')
        .orderBy('id')
        .limit(limit)
        .offset(offset);
      const ids = sql.selectFrom(webhooks.select('id').as('listed')).select('listed.id');
      const [rows, events] = await read([webhooks.selectAll(), eventsOf(sql).where('webhook_id', 'in', ids)]);
      return webhooksOf(rows.rows, events.rows);
    },
    change: (id, change, at) => transaction((open) => changeWebhook(sql, open, { id, change, at })),
    delete: (id) =>
      transaction(async ({ run }) => {
        const [{ numAffectedRows }] = await run([sql.deleteFrom('webhooks').where('id', '=', id)]);
        if (!numAffectedRows) throw noWebhook(id);
      }),
    claim: (due) => transaction((open) => claim(sql, open, due)),
    finish: ({ id, webhook }) =>
      transaction(async ({ run }) => {
        const taken = sql.deleteFrom('webhook_deliveries').where('event_id', '=', id);
        await run([taken.where('webhook_id', '=', webhook.id)]);
      }),
    putOff: ({ id, webhook }, dueAt) =>
      transaction(async ({ run }) => {
        const later = sql.updateTable('webhook_deliveries').set({ due_at: dueAt }).where('event_id', '=', id);
        await run([later.where('webhook_id', '=', webhook.id)]);
      }),
  };
}

async function changeWebhook(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { id, change, at }: { readonly id: string; readonly change: WebhookChange; readonly at: number },
): Promise<StoredWebhook> {
  const { events } = change;
  const webhooks = sql.selectFrom('webhooks').selectAll().where('id', '=', id);
  const [{ numAffectedRows }] = await run([
    sql
      .updateTable('webhooks')
      .set({ ...columnsOf(change), updated_at: at })
      .where('id', '=', id),
  ]);
  if (!numAffectedRows) throw noWebhook(id);
  if (events)
    await run([
      sql.deleteFrom('webhook_events').where('webhook_id', '=', id),
      ...eventInserts(sql, id, events),
    ]);
  const [rows, current] = await run([webhooks, eventsOf(sql).where('webhook_id', '=', id)]);
  const [webhook] = webhooksOf(rows.rows, current.rows);
  if (webhook) return webhook;
  throw noWebhook(id);
}

async function claim(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { now, until, limit }: Parameters<WebhookStore['claim']>[0],
): Promise<readonly Delivery[]> {
  const due = sql
    .selectFrom('webhook_deliveries as waiting')
    .innerJoin('webhooks', 'webhooks.id', 'waiting.webhook_id')
    .where('waiting.due_at', '<=', now)
    .where('webhooks.status', '=', 'ACTIVE')
    .orderBy('waiting.due_at')
    .orderBy('waiting.event_id')
    .limit(limit)
    .select(['waiting.event_id', 'waiting.webhook_id']);
  const [{ rows }] = await run([
    sql
      .updateTable('webhook_deliveries')
      .set((row) => ({ due_at: until, attempts: row('attempts', '+', 1) }))
      // If two servers find the same delivery, only the first still sees it as due.
      .where('due_at', '<=', now)
      .where((row) =>
        row(row.refTuple('event_id', 'webhook_id'), 'in', due.$asTuple('event_id', 'webhook_id')),
      )
      .returningAll(),
  ]);
  if (!rows.length) return [];
  const ids = [...new Set(rows.map(({ webhook_id }) => webhook_id))];
  const [webhooks, events] = await run([
    sql.selectFrom('webhooks').selectAll().where('id', 'in', ids),
    eventsOf(sql).where('webhook_id', 'in', ids),
  ]);
  const byId = new Map(webhooksOf(webhooks.rows, events.rows).map((webhook) => [webhook.id, webhook]));
  return rows
    .toSorted((a, b) => a.happened_at - b.happened_at)
    .flatMap((row) => deliveryOf(row, byId.get(row.webhook_id)));
}

function deliveryOf(
  row: Selectable<Tables['webhook_deliveries']>,
  webhook: StoredWebhook | undefined,
): readonly Delivery[] {
  if (!webhook) return [];
  const event = { entity: row.entity, action: row.action } as WebhookEventType;
  return [
    {
      ...event,
      id: row.event_id,
      webhook,
      data: fromColumn<Delivery['data']>(row.data),
      happenedAt: row.happened_at,
      attempt: row.attempts,
    },
  ];
}

function columnsOf({ name, url, status, description, sealedSecret }: WebhookChange) {
  return {
    ...(name !== undefined && { name }),
    ...(url !== undefined && { url }),
    ...(status !== undefined && { status }),
    ...(description !== undefined && { description }),
    ...(sealedSecret !== undefined && { secret: sealedSecret }),
  };
}

function eventInserts(sql: Kysely<Tables>, id: string, events: readonly WebhookEventType[]) {
  return events.map(({ entity, action }) =>
    sql
      .insertInto('webhook_events')
      .values({ webhook_id: id, entity, action })
      .onConflict((same) => same.doNothing()),
  );
}

function eventsOf(sql: Kysely<Tables>) {
  return sql.selectFrom('webhook_events').selectAll().orderBy('entity').orderBy('action');
}

function webhooksOf(
  rows: readonly Selectable<Tables['webhooks']>[],
  events: readonly Selectable<Tables['webhook_events']>[],
): readonly StoredWebhook[] {
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description ?? undefined,
    url: row.url,
    events: events
      .filter(({ webhook_id }) => webhook_id === row.id)
      .map(({ entity, action }) => ({ entity, action }) as WebhookEventType),
    status: row.status as WebhookStatus,
    sealedSecret: row.secret ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

function noWebhook(id: string): PlatformError {
  const remedy = 'No webhook has this id: list the webhooks.';
  return new PlatformError('WEBHOOK_NOT_FOUND', { field: 'webhook', value: id, remedy });
}

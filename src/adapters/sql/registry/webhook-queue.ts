import { randomUUID } from 'node:crypto';
import type { Compilable, Kysely } from 'kysely';
import type { WebhookEvent } from '../../../registry/webhooks/model.ts';
import { toColumn } from '../json-column.ts';
import type { Tables } from '../tables.ts';

/**
 * Queues an event for every active webhook that subscribes to it. Belongs in the transaction of the change, so that the
 * change and its event are written together.
 */
export function queueFor(
  sql: Kysely<Tables>,
  { entity, action, data }: WebhookEvent,
  at: number,
): Compilable {
  const waiting = sql
    .selectFrom('webhook_events')
    .innerJoin('webhooks', 'webhooks.id', 'webhook_events.webhook_id')
    .where('webhook_events.entity', '=', entity)
    .where('webhook_events.action', '=', action)
    .where('webhooks.status', '=', 'ACTIVE')
    .select((row) => [
      row.cast<string>(row.val(randomUUID()), 'text').as('event_id'),
      'webhooks.id',
      'webhook_events.entity',
      'webhook_events.action',
      row.cast<string>(row.val(toColumn(data)), 'text').as('data'),
      row.cast<number>(row.val(at), 'bigint').as('happened_at'),
      row.cast<number>(row.val(at), 'bigint').as('due_at'),
    ]);
  return sql
    .insertInto('webhook_deliveries')
    .columns(['event_id', 'webhook_id', 'entity', 'action', 'data', 'happened_at', 'due_at'])
    .expression(waiting);
}

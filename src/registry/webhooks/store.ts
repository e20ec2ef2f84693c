import type { Delivery, StoredWebhook } from './model.ts';

export type WebhookChange = Partial<Omit<StoredWebhook, 'id' | 'createdAt' | 'updatedAt'>>;

/** Webhooks and their queue of deliveries. Every method is one transaction, on disk when it returns. */
export interface WebhookStore {
  create(webhook: StoredWebhook): Promise<void>;
  find(id: string): Promise<StoredWebhook | undefined>;
  /** The oldest first. */
  list(page: { readonly limit: number; readonly offset: number }): Promise<readonly StoredWebhook[]>;
  /** Absent members do not change. @throws PlatformError WEBHOOK_NOT_FOUND */
  change(id: string, change: WebhookChange, at: number): Promise<StoredWebhook>;
  /** Also deletes its deliveries. @throws PlatformError WEBHOOK_NOT_FOUND */
  delete(id: string): Promise<void>;
  /**
   * Claims due deliveries, the longest due first, until `until`: if this process ends meanwhile, another one claims them
   * then. Deliveries of an inactive webhook wait.
   */
  claim(due: {
    readonly now: number;
    readonly until: number;
    readonly limit: number;
  }): Promise<readonly Delivery[]>;
  /** Removes a delivery from the queue: it arrived, or all attempts failed. */
  finish(delivery: Pick<Delivery, 'id' | 'webhook'>): Promise<void>;
  putOff(delivery: Pick<Delivery, 'id' | 'webhook'>, dueAt: number): Promise<void>;
}

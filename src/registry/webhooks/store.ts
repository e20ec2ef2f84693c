import type { Delivery, StoredWebhook } from './model.ts';

export type WebhookChange = Partial<Omit<StoredWebhook, 'id' | 'createdAt' | 'updatedAt'>>;

/** Webhooks and the queue of what is on its way to them. Every method is one transaction, on disk when it returns. */
export interface WebhookStore {
  create(webhook: StoredWebhook): Promise<void>;
  find(id: string): Promise<StoredWebhook | undefined>;
  /** The oldest first. */
  list(page: { readonly limit: number; readonly offset: number }): Promise<readonly StoredWebhook[]>;
  /** Members that are absent stay. @throws PlatformError WEBHOOK_NOT_FOUND */
  change(id: string, change: WebhookChange, at: number): Promise<StoredWebhook>;
  /** What was on its way to it goes too. @throws PlatformError WEBHOOK_NOT_FOUND */
  delete(id: string): Promise<void>;
  /**
   * Takes what is due, the longest due first, and puts it off until `until`: should this process end meanwhile, another
   * takes it then. What is on its way to a webhook that is not active waits.
   */
  claim(due: {
    readonly now: number;
    readonly until: number;
    readonly limit: number;
  }): Promise<readonly Delivery[]>;
  /** Takes a delivery out of the queue: it arrived, or nobody tries again. */
  finish(delivery: Pick<Delivery, 'id' | 'webhook'>): Promise<void>;
  putOff(delivery: Pick<Delivery, 'id' | 'webhook'>, dueAt: number): Promise<void>;
}

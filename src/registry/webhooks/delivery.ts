import { formatCause } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { Delivery, StoredWebhook } from './model.ts';
import type { SecretBox } from './secret-box.ts';
import type { Received, Send } from './send.ts';
import { bodyOf, headersOf } from './signature.ts';
import type { WebhookStore } from './store.ts';

export interface DeliveryDeps {
  readonly webhooks: WebhookStore;
  readonly secrets: SecretBox;
  readonly send: Send;
  readonly now: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Aborts attempts in progress; each counts as failed. */
  readonly signal?: AbortSignal;
}

/** Attempts at one delivery, including the first. */
const mostAttempts = 6;
const sendTimeout = 30_000;
/** Longer than any attempt: after it, another process may take over a claimed delivery. */
const claimFor = 2 * sendTimeout;
const atOnce = 10;
/** The longest Retry-After that we follow. */
const longestWait = 3_600_000;

export type Outcome = Received | { readonly error: string };

/** Sends due deliveries, at most ten at once. @returns how many were tried */
export async function deliverDue(deps: DeliveryDeps): Promise<number> {
  const now = deps.now();
  const due = await deps.webhooks.claim({ now, until: now + claimFor, limit: atOnce });
  await Promise.all(due.map((delivery) => deliver(delivery, deps)));
  return due.length;
}

async function deliver(delivery: Delivery, deps: DeliveryDeps): Promise<void> {
  const { webhooks, log, now } = deps;
  const outcome = await attempt(delivery, deps);
  const fields = { webhook: delivery.webhook.id, delivery: delivery.id, attempt: delivery.attempt };
  if ('status' in outcome && outcome.status < 300) return webhooks.finish(delivery);
  const why = 'status' in outcome ? { status: outcome.status } : { error: outcome.error };
  if (isFinal(outcome) || delivery.attempt >= mostAttempts) {
    log.warn('a webhook was not delivered', { ...fields, ...why });
    return webhooks.finish(delivery);
  }
  log.debug('a webhook will be retried', { ...fields, ...why });
  const asked = 'status' in outcome ? (outcome.retryAfter ?? 0) : 0;
  const delay = Math.max(delayAfter(delivery.attempt, deps.random), Math.min(asked, longestWait));
  return webhooks.putOff(delivery, now() + delay);
}

/** Retries only temporary failures: too many requests, a server error, no response. */
function isFinal(outcome: Outcome): boolean {
  return 'status' in outcome && outcome.status !== 429 && outcome.status < 500;
}

/** Milliseconds before the next attempt: doubles from 2 s, half of it random, so that receivers can recover. */
export function delayAfter(attempt: number, random: Random): number {
  const full = 2000 * 2 ** (attempt - 1);
  return Math.round(full / 2 + (random() * full) / 2);
}

/** Makes one attempt. Never throws: a failure is an outcome. */
export async function attempt(
  delivery: Pick<Delivery, 'id' | 'entity' | 'action' | 'data' | 'happenedAt'> & {
    readonly webhook: Pick<StoredWebhook, 'url' | 'sealedSecret'>;
  },
  { secrets, send, now, signal }: Pick<DeliveryDeps, 'secrets' | 'send' | 'now' | 'signal'>,
): Promise<Outcome> {
  const { url, sealedSecret } = delivery.webhook;
  const body = bodyOf(delivery, delivery.happenedAt);
  try {
    const secret = sealedSecret === undefined ? undefined : secrets.unseal(sealedSecret);
    const headers = headersOf({ deliveryId: delivery.id, sentAt: now(), body, secret });
    const late = AbortSignal.timeout(sendTimeout);
    return await send({ url, headers, body, signal: signal ? AbortSignal.any([late, signal]) : late });
  } catch (error) {
    return { error: formatCause(error) };
  }
}

/** Delivers in the background until it is closed; then it aborts attempts in progress, and their deliveries stay queued. */
export interface WebhookWorker extends AsyncDisposable {
  /** Checks the queue now. */
  wake(): void;
}

/** @param every milliseconds between two checks of the queue. @default 1000 */
export function openWebhookWorker(deps: DeliveryDeps, { every = 1000 } = {}): WebhookWorker {
  const closing = new AbortController();
  const { signal } = closing;
  let timer: NodeJS.Timeout | undefined;
  let busy: Promise<void> | undefined;
  let again = false;

  const drain = async (): Promise<void> => {
    do {
      again = false;
      while (!signal.aborted && (await deliverDue({ ...deps, signal })) === atOnce);
    } while (again && !signal.aborted);
  };
  const look = (): void => {
    again = true;
    busy ??= drain()
      .catch((error: unknown) => deps.log.error('the webhook queue failed', { error: String(error) }))
      .finally(() => {
        busy = undefined;
        if (!signal.aborted) wait();
      });
  };
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(look, every).unref();
  };
  wait();

  return {
    wake: look,
    async [Symbol.asyncDispose]() {
      closing.abort();
      clearTimeout(timer);
      await busy;
    },
  };
}

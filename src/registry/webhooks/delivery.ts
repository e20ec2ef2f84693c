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
  /** Breaks off what is on its way; it counts as an attempt that failed. */
  readonly signal?: AbortSignal;
}

/** Attempts at one delivery, the first one counted. */
const mostAttempts = 6;
const sendTimeout = 30_000;
/** Longer than any attempt: what a process took and did not finish is another's after it. */
const claimFor = 2 * sendTimeout;
const atOnce = 10;
/** As long as a receiver may put an attempt off. */
const longestWait = 3_600_000;

export type Told = Received | { readonly error: string };

/** Sends what is due, at most ten at once. @returns how many were tried */
export async function deliverDue(deps: DeliveryDeps): Promise<number> {
  const now = deps.now();
  const due = await deps.webhooks.claim({ now, until: now + claimFor, limit: atOnce });
  await Promise.all(due.map((delivery) => deliver(delivery, deps)));
  return due.length;
}

async function deliver(delivery: Delivery, deps: DeliveryDeps): Promise<void> {
  const { webhooks, log, now } = deps;
  const told = await tell(delivery, deps);
  const fields = { webhook: delivery.webhook.id, delivery: delivery.id, attempt: delivery.attempt };
  if ('status' in told && told.status < 300) return webhooks.finish(delivery);
  const why = 'status' in told ? { status: told.status } : { error: told.error };
  if (isForGood(told) || delivery.attempt >= mostAttempts) {
    log.warn('a webhook was not told', { ...fields, ...why });
    return webhooks.finish(delivery);
  }
  log.debug('a webhook is told again later', { ...fields, ...why });
  const asked = 'status' in told ? (told.retryAfter ?? 0) : 0;
  const delay = Math.max(delayAfter(delivery.attempt, deps.random), Math.min(asked, longestWait));
  return webhooks.putOff(delivery, now() + delay);
}

/** Only what may pass is tried again: too many requests, a fault of the receiver, no answer. */
function isForGood(told: Told): boolean {
  return 'status' in told && told.status !== 429 && told.status < 500;
}

/** Before the next attempt, in milliseconds: doubles from 2 s, and half of it is chance, so that receivers recover. */
export function delayAfter(attempt: number, random: Random): number {
  const full = 2000 * 2 ** (attempt - 1);
  return Math.round(full / 2 + (random() * full) / 2);
}

/** One attempt, whatever comes of it. */
export async function tell(
  delivery: Pick<Delivery, 'id' | 'entity' | 'action' | 'data' | 'happenedAt'> & {
    readonly webhook: Pick<StoredWebhook, 'url' | 'sealedSecret'>;
  },
  { secrets, send, now, signal }: Pick<DeliveryDeps, 'secrets' | 'send' | 'now' | 'signal'>,
): Promise<Told> {
  const { url, sealedSecret } = delivery.webhook;
  const body = bodyOf(delivery, delivery.happenedAt);
  try {
    const secret = sealedSecret === undefined ? undefined : secrets.unseal(sealedSecret);
    const headers = headersOf({ deliveryId: delivery.id, sentAt: now(), body, secret });
    const late = AbortSignal.timeout(sendTimeout);
    return await send({ url, headers, body, signal: signal ? AbortSignal.any([late, signal]) : late });
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** Delivers in the background until it is closed; what is on its way then is broken off and stays in the queue. */
export interface WebhookWorker extends AsyncDisposable {
  /** Looks at once. */
  wake(): void;
}

/** @param every milliseconds between two looks at the queue. @default 1000 */
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
      .catch((error: unknown) => deps.log.error('the queue of webhooks failed', { error: String(error) }))
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

import { createHmac } from 'node:crypto';
import type { WebhookEvent } from './model.ts';

/** The body: `entity` and `action` in lower case, as MLflow's clients read them. */
export function bodyOf({ entity, action, data }: WebhookEvent, happenedAt: number): string {
  const timestamp = new Date(happenedAt).toISOString();
  return JSON.stringify({ entity: entity.toLowerCase(), action: action.toLowerCase(), timestamp, data });
}

export interface Signing {
  readonly deliveryId: string;
  /** The time of this attempt, so that a receiver can refuse old requests; milliseconds since 1970. */
  readonly sentAt: number;
  readonly body: string;
  /** Not sealed. Without it there is no signature. */
  readonly secret: string | undefined;
}

/** MLflow's headers: the signature is the HMAC-SHA256 of `id.seconds.body`, in base64 behind `v1,`. */
export function headersOf({ deliveryId, sentAt, body, secret }: Signing): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(sentAt / 1000));
  const signed = `${deliveryId}.${seconds}.${body}`;
  return {
    'content-type': 'application/json',
    'x-mlflow-delivery-id': deliveryId,
    'x-mlflow-timestamp': seconds,
    ...(secret !== undefined && {
      'x-mlflow-signature': `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
    }),
  };
}

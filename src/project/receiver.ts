import type { Secret } from './secret.ts';

/** Who is notified of alerts and failed runs. */
export interface Receiver {
  readonly kind: 'receiver';
  readonly url: Secret;
  readonly format: 'cloudevents' | 'slack';
}

/** @example webhook(secret('SLACK_URL'), { format: 'slack' }) */
export function webhook(url: Secret, options: { readonly format?: Receiver['format'] } = {}): Receiver {
  return { kind: 'receiver', url, format: options.format ?? 'cloudevents' };
}

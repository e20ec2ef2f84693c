import { BlockList, isIP } from 'node:net';
import type { AllowedReceivers } from './receivers.ts';

/** Allowed receivers of webhooks. The options beyond the defaults are for receivers on the same machine or network. */
export interface WebhookReach {
  /** @default false: only https */
  readonly plainHttp?: boolean;
  /** Private, loopback and link-local addresses. @default false */
  readonly privateAddresses?: boolean;
  /** Receivers that are allowed by name. @default none */
  readonly receivers?: AllowedReceivers;
}

/** Whether the receiver of a URL is allowed by name. */
export function isNamed({ hostname, port, protocol }: URL, { receivers }: WebhookReach): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return receivers?.named(host, Number(port || (protocol === 'http:' ? 80 : 443))) ?? false;
}

/** Ranges without public addresses, from the IANA special-purpose registries. */
const refused = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  refused.addSubnet(network, prefix, 'ipv4');

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
/** Exceptions within the global range: documentation, and ranges that embed IPv4 addresses. */
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  refused.addSubnet(network, prefix, 'ipv6');

/** Whether a text is a public IP address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4');
    case 6:
      return globalUnicast.check(address, 'ipv6') && !refused.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Why an address is refused, for the webhook's owner; undefined for an allowed one. */
export function refusalOf(url: string, reach: WebhookReach): string | undefined {
  if (!url.trim()) return `Webhook URL cannot be empty or just whitespace: '${url}'`;
  if (/^https?:\/*$/i.test(url)) return `Webhook URL must include a hostname: '${url}'`;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed)
    return `Invalid webhook URL: ${JSON.stringify(url)}. Give a full URL: https://example.com/hook.`;
  const scheme = parsed.protocol.slice(0, -1);
  const named = isNamed(parsed, reach);
  const schemes = reach.plainHttp || named ? ['https', 'http'] : ['https'];
  if (!schemes.includes(scheme))
    return `Invalid webhook URL scheme: '${scheme}'. Allowed schemes are: ${schemes.join(', ')}.`;
  if (parsed.username || parsed.password)
    return 'Invalid webhook URL: it must not contain a user name or password. Use a secret instead, which signs the requests.';
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const here = isIP(host) === 0 ? /^(.*\.)?localhost\.?$/i.test(host) : !isPublicAddress(host);
  if (here && !named && !reach.privateAddresses)
    return `Webhook URL must not resolve to a non-public IP address. '${host}' resolves to ${isIP(host) === 0 ? '127.0.0.1' : host}.`;
  return undefined;
}

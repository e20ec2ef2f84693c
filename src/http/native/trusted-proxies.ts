import { isIP, SocketAddress } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { addressRanges } from '../../kernel/address-ranges.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** The origin of a request. */
export interface Client {
  /** The IP address in canonical form; '' if the connection has none. */
  readonly address: string;
  /** Whether it reached us, or the proxy before us, over https. */
  readonly secure: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook of `createServer`. */
    client?: Client;
  }
}

/** The parts of a request that say where it comes from. */
export interface Hop {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: FastifyRequest['headers'];
}

export interface ProxyRule {
  clientOf(request: Hop): Client;
}

/**
 * Parses the addresses and ranges of trusted proxies. The client is the rightmost address of `X-Forwarded-For` or `Forwarded`
 * (RFC 7239) that is not a trusted proxy, and `https` counts if the nearest proxy reports it. A proxy sets one of the two
 * headers and forwards the client's other one unchanged, so if both are present and differ, both are ignored, and the
 * proxy counts as the client.
 * @param field the setting, for the message
 * @throws PlatformError CONFIG_INVALID
 */
export function trustedProxies(entries: readonly string[], field = 'MODELYARD_TRUSTED_PROXIES'): ProxyRule {
  const ranges = addressRanges();
  for (const entry of entries) if (/\/0+$/.test(entry) || !ranges.add(entry)) throw invalid(entry, field);
  return {
    clientOf({ socket, headers }) {
      const direct = plainAddress(socket.remoteAddress ?? '') ?? '';
      if (!ranges.has(direct)) return { address: direct, secure: false };
      const forwarded = textOf(headers.forwarded);
      const claims = [
        claimOf(addressesOf(headers['x-forwarded-for']), lastOf(headers['x-forwarded-proto'])),
        claimOf(pairsOf(forwarded, 'for'), pairsOf(forwarded, 'proto').at(-1)),
      ].filter((claim) => claim !== undefined);
      const clients = claims.map(({ addresses, proto }) => ({
        address: rightmostUntrusted([...addresses, direct], ranges),
        secure: proto?.toLowerCase() === 'https',
      }));
      const [first, second = first] = clients;
      const address = first && first.address === second?.address ? first.address : direct;
      return { address, secure: clients.length > 0 && clients.every(({ secure }) => secure) };
    },
  };
}

/** The client of a request of this server. */
export function clientOf({ client }: FastifyRequest): Client {
  return client ?? { address: '', secure: false };
}

interface Claim {
  readonly addresses: readonly string[];
  readonly proto: string | undefined;
}

/** The values of one kind of header; undefined if it is absent. */
function claimOf(addresses: readonly string[], proto: string | undefined): Claim | undefined {
  return addresses.length === 0 && proto === undefined ? undefined : { addresses, proto };
}

/** An entry without an address (`unknown`, `_hidden`) ends the chain: the proxy that wrote it counts as the client. */
function rightmostUntrusted(chain: readonly string[], ranges: { has(address: string): boolean }): string {
  let client = '';
  for (const text of chain.toReversed()) {
    const address = plainAddress(text);
    if (address === undefined) return client;
    client = address;
    if (!ranges.has(address)) return client;
  }
  return client;
}

/** Without port, brackets, quotes and zone; IPv4 addresses mapped into IPv6 as IPv4; IPv6 in its shortest spelling. */
function plainAddress(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
    .replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(bare)?.[1] ?? bare;
  const family = isIP(mapped);
  if (family === 0) return undefined;
  return family === 4 ? mapped : new SocketAddress({ address: mapped, family: 'ipv6' }).address;
}

/** Node joins repeated headers with commas, in order. */
function textOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : (header ?? []).join(',');
}

function addressesOf(header: string | readonly string[] | undefined): readonly string[] {
  const text = textOf(header);
  return text === '' ? [] : text.split(',');
}

function lastOf(header: string | readonly string[] | undefined): string | undefined {
  return addressesOf(header).at(-1)?.trim();
}

/** The values of one parameter of `Forwarded`, in the order of the hops. */
function pairsOf(header: string, name: string): readonly string[] {
  return header.split(/[,;]/).flatMap((pair) => {
    const at = pair.indexOf('=');
    const isNamed = at > 0 && pair.slice(0, at).trim().toLowerCase() === name;
    return isNamed
      ? [
          pair
            .slice(at + 1)
            .trim()
            .replace(/^"(.*)"$/, '$1'),
        ]
      : [];
  });
}

function invalid(entry: string, field: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field,
    value: entry,
    remedy:
      'List the IP addresses or ranges of your proxies, separated by commas; names and ranges of all addresses are not allowed: 10.0.0.5,192.168.0.0/16,fd00::/8.',
  });
}

import { BlockList, isIP } from 'node:net';
import { PlatformError } from '../../kernel/errors.ts';

/** Receivers that whoever runs the server allows beside public ones over https. */
export interface AllowedReceivers {
  /** Whether whatever answers under this name or address, on this port, may be told, over http too. */
  named(host: string, port: number): boolean;
  /** Whether an address lies in a range that is allowed. */
  holds(address: string): boolean;
}

/**
 * Reads `hooks.internal`, `localhost:8080`, `10.1.2.3:9000`, `[::1]:8080`, `10.0.0.0/8`, with commas between. A name
 * allows every address that it resolves to; without a port it allows every port.
 * @param field what is told to be wrong
 * @throws PlatformError CONFIG_INVALID
 */
export function allowedReceivers(list: string, field: string): AllowedReceivers {
  const ranges = new BlockList();
  const names: { readonly host: string; readonly port: number | undefined }[] = [];
  for (const entry of list.split(',').map((text) => text.trim().toLowerCase())) {
    if (entry === '') continue;
    const range = rangeOf(entry);
    if (range) ranges.addSubnet(range.network, range.prefix, familyOf(range.network));
    else names.push(nameOf(entry) ?? wrong(entry, field));
  }
  const holds = (address: string): boolean => isIP(address) !== 0 && ranges.check(address, familyOf(address));
  return {
    holds,
    named: (host, port) =>
      holds(host) ||
      names.some((name) => name.host === host && (name.port === undefined || name.port === port)),
  };
}

function rangeOf(entry: string): { readonly network: string; readonly prefix: number } | undefined {
  const [, network = '', digits = ''] = /^([\d.]+|[\da-f:.]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(network)] ?? -1;
  return digits !== '' && Number(digits) <= longest ? { network, prefix: Number(digits) } : undefined;
}

function nameOf(entry: string): { readonly host: string; readonly port: number | undefined } | undefined {
  if (isIP(entry) === 6) return nameOf(`[${entry}]`);
  const [, bracketed, plain, port] =
    /^(?:\[([\da-f:.]+)\]|([a-z\d](?:[a-z\d.-]*[a-z\d])?))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  if (bracketed !== undefined && isIP(bracketed) !== 6) return undefined;
  const host = bracketed === undefined ? plain : new URL(`http://[${bracketed}]`).hostname.slice(1, -1);
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) return undefined;
  return { host, port: port === undefined ? undefined : Number(port) };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function wrong(entry: string, field: string): never {
  const remedy = 'Write hosts, hosts with a port, or ranges with commas: localhost:8080,10.0.0.0/8.';
  throw new PlatformError('CONFIG_INVALID', { field, value: entry, remedy });
}

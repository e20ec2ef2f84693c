import { isIP } from 'node:net';
import { addressRanges } from '../../kernel/address-ranges.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** Receivers that the server's operator allows besides public ones over https. */
export interface AllowedReceivers {
  /** Whether the receiver with this name or address and port is allowed, also over http. */
  named(host: string, port: number): boolean;
  /** Whether an address is in an allowed range. */
  holds(address: string): boolean;
}

/**
 * Parses `hooks.internal`, `localhost:8080`, `10.1.2.3:9000`, `[::1]:8080`, `10.0.0.0/8`, separated by commas. A name
 * allows every address that it resolves to; without a port it allows every port.
 * @param field the name of the setting, for errors
 * @throws PlatformError CONFIG_INVALID
 */
export function allowedReceivers(list: string, field: string): AllowedReceivers {
  const ranges = addressRanges();
  const names: { readonly host: string; readonly port: number | undefined }[] = [];
  for (const entry of list.split(',').map((text) => text.trim().toLowerCase())) {
    if (entry === '') continue;
    if (!entry.includes('/') || !ranges.add(entry)) names.push(nameOf(entry) ?? wrong(entry, field));
  }
  return {
    holds: (address) => ranges.has(address),
    named: (host, port) =>
      ranges.has(host) ||
      names.some((name) => name.host === host && (name.port === undefined || name.port === port)),
  };
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

function wrong(entry: string, field: string): never {
  const remedy = 'Write hosts, hosts with a port, or ranges, separated by commas: localhost:8080,10.0.0.0/8.';
  throw new PlatformError('CONFIG_INVALID', { field, value: entry, remedy });
}

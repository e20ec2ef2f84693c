import { addressRanges } from '../../kernel/address-ranges.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** The allowed values of the `Host` header. */
export interface HostRule {
  /** @param host a name or an address, without port and brackets, in lower case */
  allows(host: string): boolean;
  /** The configured entries, for messages. */
  readonly entries: readonly string[];
}

const namePattern = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/;

/**
 * Parses `models.example.org`, `*.example.org` (every name below it), `10.1.2.3`, `10.0.0.0/8`, `fd00::/8` and `*`
 * (every host; only behind a proxy that checks the header).
 * @param field the setting, for the message
 * @throws PlatformError CONFIG_INVALID
 */
export function hostRule(entries: readonly string[], field = 'MODELYARD_HOSTS'): HostRule {
  const ranges = addressRanges();
  const names = new Set<string>();
  for (const entry of entries.map((text) =>
    text
      .trim()
      .toLowerCase()
      .replace(/^\[(.*)\]$/, '$1'),
  )) {
    if (ranges.add(entry)) continue;
    if (entry !== '*' && !namePattern.test(entry)) throw invalid(entry, field);
    names.add(entry);
  }
  const isBelow = (host: string): boolean => {
    const labels = host.split('.');
    return labels.some((_, depth) => depth > 0 && names.has(`*.${labels.slice(depth).join('.')}`));
  };
  return {
    allows: (host) => names.has('*') || names.has(host) || ranges.has(host) || isBelow(host),
    entries,
  };
}

function invalid(entry: string, field: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field,
    value: entry,
    remedy:
      'Separate names, wildcards and address ranges with commas, without ports: models.example.org,*.internal,10.0.0.0/8.',
  });
}

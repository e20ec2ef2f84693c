import { PlatformError } from './errors.ts';

const milliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration in a project file: a whole or decimal number and a unit. */
export type Duration = `${number}${keyof typeof milliseconds}`;

/** @returns milliseconds. @throws PlatformError CONFIG_INVALID naming `field`. */
export function parseDuration(text: string, field: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const unit = parts?.[2] as keyof typeof milliseconds | undefined;
  if (parts && unit) return Number(parts[1]) * milliseconds[unit];
  throw new PlatformError('CONFIG_INVALID', {
    field,
    value: text,
    remedy: 'must be a number and one of ms, s, m, h, d, such as "30s"',
  });
}

/** '850 ms', '12.4 s', '3 min 20 s', for people. */
export function formatDuration(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** '512 B', '1.4 MB' in powers of 1000, for people. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let power = 0;
  while (power < units.length - 1 && Math.round(bytes / 1000 ** power) >= 1000) power += 1;
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

const byteUnits = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** The bytes of '500MB' or '20GB', in powers of 1000. @throws PlatformError CONFIG_INVALID naming `field` */
export function parseBytes(text: string, field: string): number {
  const parts = /^(\d+(?:\.\d+)?) ?(kB|MB|GB|TB)$/.exec(text);
  const unit = parts?.[2] as keyof typeof byteUnits | undefined;
  if (parts && unit) return Math.round(Number(parts[1]) * byteUnits[unit]);
  throw new PlatformError('CONFIG_INVALID', {
    field,
    value: text,
    remedy: 'must be a number and one of kB, MB, GB, TB, such as "20GB"',
  });
}

/** '1,432', for people. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

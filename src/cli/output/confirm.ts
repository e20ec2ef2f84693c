import { createInterface } from 'node:readline/promises';
import { PlatformError } from '../../kernel/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks before something is removed. A script cannot be asked, so it must give `--yes`.
 * @param removed '3 runs, 1 experiment'
 * @throws PlatformError CONFIG_INVALID without a terminal and without `--yes`
 */
export async function confirmRemoval(
  removed: string,
  { yes, terminal }: { readonly yes: boolean; readonly terminal: Terminal },
): Promise<boolean> {
  if (yes) return true;
  if (terminal.canAsk !== true) throw mustBeGiven(removed);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const reply = (await lines.question(`Remove ${removed} for good? [y/N] `)).trim().toLowerCase();
    if (reply === 'y' || reply === 'yes') return true;
    terminal.err('Nothing was removed.\n');
    return false;
  } finally {
    lines.close();
  }
}

function mustBeGiven(removed: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: '--yes',
    value: undefined,
    remedy: `must be given to remove ${removed} without a terminal; --dry-run lists them`,
  });
}

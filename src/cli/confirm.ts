import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

/** Asks before something is removed. Only a person is asked: a script has said what it wants. */
export async function confirmed(
  question: string,
  { yes, terminal }: { readonly yes: boolean; readonly terminal: Terminal },
): Promise<boolean> {
  if (yes || process.stdin.isTTY !== true) return true;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await lines.question(`${question} [y/N] `)).trim().toLowerCase();
    if (answer === 'y' || answer === 'yes') return true;
    terminal.err('Nothing was removed.\n');
    return false;
  } finally {
    lines.close();
  }
}

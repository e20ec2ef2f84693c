import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { siblingEntry } from '../../kernel/entry.ts';

const entry = siblingEntry(import.meta.url, './json-log.fixture');

test.skipIf(process.platform === 'win32')(
  'a log that nobody reads does not stop the process, nor its end',
  async () => {
    const command = [process.execPath, ...entry.execArgv, entry.path].map((text) => `'${text}'`).join(' ');
    // The shell's own pipe: `sleep` holds it open and never reads.
    const shell = spawn(
      'sh',
      ['-c', `{ ${command} & echo $! >&3; wait $!; echo "code $?" >&3; } | sleep 60`],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
        detached: true,
      },
    );
    try {
      const lines: string[] = [];
      for await (const piece of shell.stdio[3] as NodeJS.ReadableStream) {
        lines.push(...piece.toString().trim().split('\n'));
        if (lines.at(-1) === 'logged') process.kill(Number(lines[0]), 'SIGTERM');
        if (lines.at(-1)?.startsWith('code')) break;
      }
      expect(lines.slice(1)).toEqual(['logged', 'code 0']);
    } finally {
      if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
      if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'close');
    }
  },
);

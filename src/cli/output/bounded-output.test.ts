import { expect, test } from 'vitest';
import { boundedOutput } from './bounded-output.ts';

test('lines are dropped while the reader is behind, and their number is written when it catches up', () => {
  const read: string[] = [];
  const stream = {
    writableLength: 0,
    write(line: string): boolean {
      read.push(line);
      this.writableLength += line.length;
      return true;
    },
  };
  const output = boundedOutput(stream, (lines) => `dropped ${lines}`, 20);
  for (let line = 0; line < 10; line++) output.write(`line ${line}...`);
  expect(read).toEqual(['line 0...', 'line 1...', 'line 2...']);
  stream.writableLength = 0;
  output.write('again');
  expect(read.slice(3)).toEqual(['dropped 7', 'again']);
  output.write('last');
  expect(read.at(-1)).toBe('last');
});

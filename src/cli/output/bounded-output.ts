/** Where log lines go. Writing never waits for the reader. */
export interface BoundedOutput {
  write(line: string): void;
}

/**
 * Writes lines to a stream that may have a slow reader or none. While more than `most` bytes wait, new lines are
 * dropped; `onDropped` words the line that says how many, as soon as there is room again.
 */
export function boundedOutput(
  stream: { readonly writableLength: number; write(line: string): boolean },
  onDropped: (lines: number) => string,
  most = 4_000_000,
): BoundedOutput {
  let dropped = 0;
  return {
    write(line) {
      if (stream.writableLength > most) {
        dropped += 1;
        return;
      }
      if (dropped > 0) stream.write(onDropped(dropped));
      dropped = 0;
      stream.write(line);
    },
  };
}

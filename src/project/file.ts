import type { Command } from './command.ts';

/** A file that a command writes: a report, a picture. */
export interface FileDeclaration {
  readonly kind: 'file';
  readonly mediaType: string;
}

export interface FileRef {
  readonly producer: Command;
  readonly output: string;
  readonly file: FileDeclaration;
}

/** @example file('text/html') */
export function file(mediaType: `${string}/${string}`): FileDeclaration {
  return { kind: 'file', mediaType };
}

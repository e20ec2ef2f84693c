import { hash } from 'node:crypto';

/** Bits of a hash: a whole number that a double holds exactly. */
const hexDigits = 13;

/** A hash of a text as a whole number below 2^52, from the first bits of SHA-256: the same on every machine. */
export function hashNumber(text: string): number {
  return Number.parseInt(hash('sha256', text, 'hex').slice(0, hexDigits), 16);
}

/** A hash from 0 up to 1. @param salt gives another draw over the same texts */
export function hashShare(text: string, salt: string): number {
  return hashNumber(`${salt}\n${text}`) / 2 ** (4 * hexDigits);
}

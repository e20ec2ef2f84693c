import { canonicalJson } from '../../kernel/json.ts';
import type { ModelFile } from '../../project/models/trainer.ts';

/** A value as a file of one line of canonical JSON, so that equal values are equal files. */
export function canonicalFile(name: string, value: unknown): ModelFile {
  return { name, bytes: new TextEncoder().encode(`${canonicalJson(value)}\n`) };
}
